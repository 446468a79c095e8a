// The shape of CEL's syntax tree. All code that walks over the tree uses `childrenOf`.
import type { ASTNode } from '@marcbachmann/cel-js';

/** The macros that loop over a list. */
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

/** All nodes. A node comes before its children. */
export function* nodesOf(root: ASTNode): Generator<ASTNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    open.push(...childrenOf(node).toReversed());
  }
}

/** The object and key of `object.key` or `object['key']`, if the object is a name and the key is a constant. */
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
