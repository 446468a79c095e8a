/** Delays that can all be cancelled. A delay that is over keeps nothing in memory. */
export class CancellableDelays {
  readonly #ends = new Set<() => void>();

  /** Resolves after `ms`, or when all delays are cancelled. */
  delay(ms: number): Promise<void> {
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

  cancelAll(): void {
    for (const end of this.#ends) end();
  }
}
