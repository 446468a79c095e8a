import type { Definition, Facts } from '@vouchers/contracts';
import { termsOf } from '../terms.ts';

type OfSpec = Pick<Definition, 'spec'>;

/** The user attributes that a version records or that its claim or use condition names. `user.id` is no attribute. */
export function attributesNamed({ spec }: OfSpec): readonly string[] {
  return termsOf(spec).attributes;
}

/** Keeps only the named attributes of a user. */
export function onlyNamed(attributes: Facts, names: readonly string[]): Facts {
  const present = names.filter((name) => Object.hasOwn(attributes, name));
  return Object.fromEntries(present.map((name) => [name, attributes[name]!]));
}

/** Whether the use condition depends on whether the order contains one of the voucher's goods. */
export function namesMatchesGoods({ spec }: OfSpec): boolean {
  return termsOf(spec).conditions.use.namesMatchesGoods;
}
