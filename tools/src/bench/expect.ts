/** Checks that the work was done before a speed is printed. @throws Error that names the difference */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`${what}: ${String(seen)}, not ${String(expected)}`);
}

/** @throws Error that names what is false */
export function expectTrue(what: string, is: boolean): void {
  if (!is) throw new Error(`not true: ${what}`);
}
