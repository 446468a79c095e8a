import type { ASTNode } from '@marcbachmann/cel-js';
import { fieldOf, nodesOf } from './syntax.ts';

/** The user attributes that a condition names, each once. `user.id` does not count as an attribute. */
export function attributesIn(ast: ASTNode): string[] {
  const found = new Set<string>();
  for (const node of nodesOf(ast)) {
    const field = fieldOf(node);
    if (field?.object === 'user' && field.key !== 'id') found.add(field.key);
  }
  return [...found];
}

/** Whether a condition names this variable, or this field of it. */
export function names(ast: ASTNode, variable: string, key?: string): boolean {
  for (const node of nodesOf(ast)) {
    if (key === undefined ? node.op === 'id' && node.args === variable : isField(node, variable, key)) return true;
  }
  return false;
}

function isField(node: ASTNode, variable: string, key: string): boolean {
  const field = fieldOf(node);
  return field?.object === variable && field.key === key;
}
