// The shape of CEL's syntax tree: every walk over it goes by `childrenOf`.
import type { ASTNode } from '@marcbachmann/cel-js';

/** The macros that go through a list. */
export const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);

export function childrenOf(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** Every node, the outer before the inner. */
export function* nodesOf(root: ASTNode): Generator<ASTNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    open.push(...childrenOf(node).toReversed());
  }
}

/** `object` and `key` of `object.key` and `object['key']`, where the object is a name and the key is written out. */
export function fieldOf(node: ASTNode): { object: string; key: string } | undefined {
  if (node.op === '.' && node.args[0].op === 'id') return { object: node.args[0].args, key: node.args[1] };
  if (
    node.op === '[]' &&
    node.args[0].op === 'id' &&
    node.args[1].op === 'value' &&
    typeof node.args[1].args === 'string'
  ) {
    return { object: node.args[0].args, key: node.args[1].args };
  }
  return undefined;
}
