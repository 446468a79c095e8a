import type { Node } from '@vouchers/contracts';

/** Where a condition is wrong; line and column count from 1. */
export interface ConditionError {
  message: string;
  line: number;
  column: number;
}

/** May this condition be saved at this node? Everything wrong with it, by place. */
export function checkCondition(_node: Node, _when: string): { ok: boolean; errors: ConditionError[] } {
  throw new Error('to be written');
}
