/** The range of the word at a line and column (both from 1), or of one character if there is no word. */
export function offsetIn(text: string, line: number, column: number): { from: number; to: number } {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const from = Math.min(text.length, before + column - 1);
  const [word = ''] = /^[\w.]+/.exec(text.slice(from)) ?? [];
  const to = Math.min(text.length, from + Math.max(1, word.length));
  return { from: Math.min(from, Math.max(0, to - 1)), to };
}
