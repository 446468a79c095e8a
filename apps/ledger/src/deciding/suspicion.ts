// What a failed write taught about the records ahead: decide them with look-ups, in smaller batches, or quarantine the
// one that Postgres will not take. It outlives the partition's memory, and ends behind the records that were suspect.

/** SQLSTATE class 22: data exception; class 23: integrity constraint violation. */
const isDataError = (error: unknown): error is { code: string; message: string } =>
  /^2[23]...$/.test((error as { code?: unknown } | null)?.code as string);

export class Suspicion {
  private until = -1;
  private records = Infinity;
  private poison?: { offset: number; why: string; silent: boolean };

  /** Records before this offset are decided with look-ups: after an assignment nobody remembers what was decided. */
  careUntil(offset: number): void {
    this.until = Math.max(this.until, offset);
  }

  /**
   * A batch of these records was refused: decide them again, more carefully. Errors that are not about the records
   * teach nothing.
   */
  blame(error: unknown, from: number, to: number): void {
    if (!isDataError(error)) return;
    const wasCareful = from < this.until;
    if (wasCareful && to - from <= 1) {
      // Refused twice: not even its refusal can be written.
      const silent = this.poison?.offset === from;
      this.poison = { offset: from, why: `SQLSTATE ${error.code}: ${error.message}`, silent };
    }
    if (wasCareful) this.records = Math.max(1, Math.floor((to - from) / 2));
    this.careUntil(to);
  }

  /** Whether `blame` learnt from it. */
  takesBlame(error: unknown): boolean {
    return isDataError(error);
  }

  isCareful(offset: number): boolean {
    if (offset >= this.until) this.records = Infinity;
    return offset < this.until;
  }

  /** Records a batch at most, from this offset on. */
  most(offset: number): number {
    return offset < this.until ? this.records : Infinity;
  }

  /** Why the record there is to be quarantined, and whether without an event; undefined where it is not. */
  poisonAt(offset: number): { why: string; silent: boolean } | undefined {
    return this.poison?.offset === offset ? this.poison : undefined;
  }
}
