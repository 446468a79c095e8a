import type { Definition, Node } from '@vouchers/contracts';
import { termsOf } from '../terms.ts';

/** The user attributes that a node's condition names (`user.id` is none). */
export function attributesNamed({ spec }: Pick<Definition, 'spec'>, node: Node): readonly string[] {
  return termsOf(spec).conditions[node].attributes;
}

/** Does the use condition ask whether the order holds one of the voucher's goods? */
export function namesMatchesGoods({ spec }: Pick<Definition, 'spec'>): boolean {
  return termsOf(spec).conditions.use.namesMatchesGoods;
}
