// Places the windows of several vouchers on one axis.
import type { Voucher } from '@vouchers/contracts';

/** Percentages of the axis. */
export interface Span {
  left: number;
  width: number;
}
export interface Calendar {
  /** Unix milliseconds. */
  from: number;
  to: number;
  lines: { voucher: Voucher; claim: Span; use: Span }[];
  /** The place of now; undefined if it is outside. */
  now: number | undefined;
}

/** The axis goes from the first start to the last end. Undefined without vouchers. */
export function calendarOf(vouchers: readonly Voucher[], now: number): Calendar | undefined {
  const times = vouchers.flatMap(({ windows: { valid } }) => [Date.parse(valid.from), Date.parse(valid.to)]);
  if (times.length === 0) return undefined;
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const place = (at: number): number => ((at - from) / (to - from)) * 100;
  const span = (window: { from: string; to: string }): Span => {
    const left = place(Date.parse(window.from));
    return { left, width: place(Date.parse(window.to)) - left };
  };
  return {
    from,
    to,
    // Where the time of use follows from the claim, it lies between the first claim and the end of the valid range.
    lines: vouchers.map((voucher) => {
      const { valid, claim, use } = voucher.windows;
      return { voucher, claim: span(claim), use: span('from' in use ? use : { from: claim.from, to: valid.to }) };
    }),
    now: now >= from && now < to ? place(now) : undefined,
  };
}
