/** Pauses that can all be ended early. Each one forgets itself: nothing is kept of a pause that is over. */
export class Rests {
  readonly #ends = new Set<() => void>();

  /** Resolves after `ms`, or when all rests are ended. */
  rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#ends.add(end);
    });
  }

  endAll(): void {
    for (const end of this.#ends) end();
  }
}
