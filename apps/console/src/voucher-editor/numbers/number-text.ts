// Reads the numbers that people type. It never guesses: a text that is no number, or one out of bounds, is a fault.
import { fault, type Fault } from '@vouchers/contracts';

export interface Bounds {
  least?: number;
  most?: number;
  /** The most decimal places; 0 for whole numbers. */
  digits?: number;
}

export type NumberRead = { value: number } | { fault: Fault };

const GROUPED = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)$/;

/** Digits of an input method (`３００`) are read, too. Undefined for an empty text. */
export function readNumber(typed: string, { least, most, digits = 0 }: Bounds): NumberRead | undefined {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace('\u2212', '-');
  if (text === '') return undefined;
  const plain = GROUPED.test(text) ? text.replaceAll(',', '') : text;
  const value = NUMBER.test(plain) ? Number(plain) : Number.NaN;
  const decimals = /\.(\d*?)0*$/.exec(plain)?.[1]?.length ?? 0;
  const said = (code: Parameters<typeof fault>[1], params?: Parameters<typeof fault>[2]): NumberRead => ({
    fault: fault('', code, params),
  });
  if (Number.isNaN(value)) return digits === 0 ? said('whole', { least: least ?? 0 }) : said('number');
  if (decimals > digits)
    return digits === 0 ? said('whole', { least: least ?? 0 }) : said('decimals', { most: digits });
  if (least !== undefined && value < least) return said('least', { least });
  if (value > (most ?? Number.MAX_SAFE_INTEGER)) return said('most', { most: most ?? Number.MAX_SAFE_INTEGER });
  return { value };
}

/** A number as it is typed: without groups, with all of its decimals. */
export const numberText = (value: number): string =>
  new Intl.NumberFormat('en', { useGrouping: false, maximumFractionDigits: 10 }).format(value);

/** Minor units from an amount as people write it, without errors of binary fractions. */
export const toMinor = (amount: number, digits: number): number => Math.round(amount * 10 ** digits);
export const fromMinor = (minor: number, digits: number): number => minor / 10 ** digits;

/** The number of a currency's decimal places. */
export function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}
