// Whole numbers of a currency's minor unit. A product that passes 2⁵³ is computed in BigInt; nothing is a fraction.

/** A quotient rounded down, with its remainder. */
export interface Quotient {
  quotient: number;
  remainder: number;
}

/** `a × b ÷ divisor`, exactly. The quotient must be a safe integer. */
export function productOver(a: number, b: number, divisor: number): Quotient {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) {
    const remainder = product % divisor;
    return { quotient: (product - remainder) / divisor, remainder };
  }
  const [exact, by] = [BigInt(a) * BigInt(b), BigInt(divisor)];
  return { quotient: Number(exact / by), remainder: Number(exact % by) };
}

/** As `productOver`, without the remainder. */
export function quotientOf(a: number, b: number, divisor: number): number {
  const product = a * b;
  if (product <= Number.MAX_SAFE_INTEGER) return (product - (product % divisor)) / divisor;
  return Number((BigInt(a) * BigInt(b)) / BigInt(divisor));
}

const HUNDREDTHS = 10_000;

/** The hundredths of a percent, half up. It reads the digits that JSON has, since 1.005 × 100 is not 100.5. */
export function hundredthsOf(percent: number): number {
  const digits = /^(\d+)(?:\.(\d+))?$/.exec(String(percent));
  // Only a number below a millionth is written with an exponent.
  if (!digits) return 0;
  const [, whole, fraction = ''] = digits;
  const [tenths, hundredths, next] = fraction.padEnd(3, '0');
  return Number(whole) * 100 + Number(tenths! + hundredths!) + (next! >= '5' ? 1 : 0);
}

/** This share of an amount, half up. */
export function shareOf(amount: number, hundredths: number): number {
  const rounded = amount * hundredths + HUNDREDTHS / 2;
  if (rounded <= Number.MAX_SAFE_INTEGER) return (rounded - (rounded % HUNDREDTHS)) / HUNDREDTHS;
  return Number((BigInt(amount) * BigInt(hundredths) + BigInt(HUNDREDTHS / 2)) / BigInt(HUNDREDTHS));
}
