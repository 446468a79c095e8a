// Reads from a claim rule whom it admits, as far as a sentence can say it.
import { parse, type ASTNode } from '@marcbachmann/cel-js';

export interface Audience {
  /** Values that the user must have, one group per clause: `[['gold', 'vip']]`. */
  values: string[][];
  /** True if other clauses narrow it further. */
  isNarrower: boolean;
}

/** Undefined if everyone may claim, or nobody can tell. */
export function audienceOf(when: string): Audience | undefined {
  if (when.trim() === 'true') return undefined;
  try {
    const clauses = conjuncts(parse(when).ast);
    const values = clauses.flatMap((clause) => {
      const found = valuesIn(clause);
      return found ? [found] : [];
    });
    return { values, isNarrower: values.length < clauses.length };
  } catch {
    return { values: [], isNarrower: true };
  }
}

const conjuncts = (node: ASTNode): ASTNode[] =>
  node.op === '&&' ? [...conjuncts(node.args[0]), ...conjuncts(node.args[1])] : [node];

const isAttribute = (node: ASTNode): boolean =>
  node.op === '.' && node.args[0].op === 'id' && node.args[0].args === 'user';

/** `user.tier == "gold"` or `user.tier in ["gold", "vip"]`. */
function valuesIn(node: ASTNode): string[] | undefined {
  if (node.op !== '==' && node.op !== 'in') return undefined;
  const [left, right] = node.args;
  if (!isAttribute(left)) return undefined;
  const listed = node.op === 'in' && right.op === 'list' ? right.args : node.op === '==' ? [right] : [];
  const texts = listed.map((one) => (one.op === 'value' && typeof one.args === 'string' ? one.args : undefined));
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts : undefined;
}
