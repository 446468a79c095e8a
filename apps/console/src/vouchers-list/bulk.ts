// Changes several vouchers, one after another. Each has its own outcome; a failure stops none of the others.
import type { Voucher, VoucherSpec } from '@vouchers/contracts';
import { answer, answerWithTag, services } from '../api/api.ts';
import { problemFrom, type ApiProblem } from '../api/api-problem.ts';

export interface Outcome {
  voucher: Voucher;
  /** Undefined: it was done. */
  problem?: ApiProblem;
}

/** Applies an act to each voucher. @param onDone called after each one */
export async function toEach(
  vouchers: readonly Voucher[],
  act: (voucher: Voucher) => Promise<unknown>,
  onDone: (outcome: Outcome) => void,
): Promise<void> {
  for (const voucher of vouchers) {
    try {
      await act(voucher);
      onDone({ voucher });
    } catch (error) {
      onDone({ voucher, problem: problemFrom(error) });
    }
  }
}

export const runAction =
  (action: 'pause' | 'resume') =>
  ({ id }: Voucher): Promise<unknown> =>
    answer(services().config.POST(`/v1/vouchers/{id}/${action}`, { params: { path: { id } } }));

/** Changes the newest version of a voucher's spec. */
export const changeSpec =
  (change: (spec: VoucherSpec) => VoucherSpec) =>
  async ({ id }: Voucher): Promise<unknown> => {
    const { config } = services();
    const { value, tag } = await answerWithTag(config.GET('/v1/vouchers/{id}', { params: { path: { id } } }));
    const { id: _, version: _v, state: _s, team: _t, createdAt: _c, updatedAt: _u, updatedBy: _b, ...spec } = value;
    return answer(
      config.PUT('/v1/vouchers/{id}', {
        params: { path: { id }, header: { 'If-Match': tag } },
        body: change(spec as VoucherSpec),
      }),
    );
  };

export const withLabel =
  (key: string, value: string) =>
  (spec: VoucherSpec): VoucherSpec => ({ ...spec, labels: { ...spec.labels, [key]: value } });

/** Moves the end of the valid range, and of each window that ends with it. */
export function withEnd(to: string): (spec: VoucherSpec) => VoucherSpec {
  return (spec) => {
    const { valid, claim, use } = spec.windows;
    const end = <W extends { to: string }>(window: W): W => (window.to === valid.to ? { ...window, to } : window);
    return {
      ...spec,
      windows: { ...spec.windows, valid: { ...valid, to }, claim: end(claim), use: 'to' in use ? end(use) : use },
    };
  };
}

/** Adds the voucher to a page, if it is not there yet. */
export const addToPage =
  (slug: string) =>
  async ({ id }: Voucher): Promise<unknown> => {
    const { config } = services();
    const { value, tag } = await answerWithTag(config.GET('/v1/pages/{slug}', { params: { path: { slug } } }));
    if (value.voucherIds.includes(id)) return undefined;
    return answer(
      config.PUT('/v1/pages/{slug}', {
        params: { path: { slug }, header: { 'If-Match': tag } },
        body: { title: value.title, voucherIds: [...value.voucherIds, id] },
      }),
    );
  };
