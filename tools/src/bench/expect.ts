/** Whether the work was done is looked at before a speed is told. @throws Error that says what differs */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`${what}: ${String(seen)}, not ${String(expected)}`);
}

/** @throws Error that says what is false */
export function expectTrue(what: string, is: boolean): void {
  if (!is) throw new Error(`it is not so that ${what}`);
}
