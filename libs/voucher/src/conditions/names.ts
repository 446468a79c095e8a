import type { Definition, Node } from '@vouchers/contracts';

/** The user attributes that a node's condition names (`user.id` is none). */
export function attributesNamed(_definition: Pick<Definition, 'spec'>, _node: Node): string[] {
  throw new Error('to be written');
}

/** Does the use condition ask whether the order holds one of the voucher's goods? */
export function namesMatchesGoods(_definition: Pick<Definition, 'spec'>): boolean {
  throw new Error('to be written');
}
