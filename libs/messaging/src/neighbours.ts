// Tells whether other records can be handled while one record of the consumer fails.
import type { ConsumeOptions } from './consumption.ts';

const PROBE_TIMEOUT_MS = 10_000;

export class Neighbours {
  readonly #probe: ConsumeOptions['probe'];
  /** Counts the batches that were handled, over all partitions. */
  handled = 0;

  constructor(probe: ConsumeOptions['probe']) {
    this.#probe = probe;
  }

  /** Never rejects. @param since the value of `handled` at the previous failure */
  async goOn(since: number): Promise<boolean> {
    if (!this.#probe) return this.handled > since;
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => late.resolve(false), PROBE_TIMEOUT_MS);
    const probed = this.#probe().then(
      () => true,
      () => false,
    );
    return Promise.race([probed, late.promise]).finally(() => clearTimeout(timer));
  }
}
