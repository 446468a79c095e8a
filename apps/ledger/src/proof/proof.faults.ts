// Collects what a proof finds, by check.
import type { ProofCheck } from '@vouchers/contracts';

/** The most faults per check that are told. */
export const FAULTS_SHOWN = 20;

export class ProofFaults {
  private readonly found = new Map<ProofCheck['check'], string[]>();

  add(check: ProofCheck['check'], fault: string): void {
    const faults = this.found.get(check);
    if (!faults) this.found.set(check, [fault]);
    else if (faults.length < FAULTS_SHOWN) faults.push(fault);
  }

  /** The results of the checks that were made. */
  of(made: readonly ProofCheck['check'][]): ProofCheck[] {
    return made.map((check) => {
      const faults = this.found.get(check);
      return { check, passed: faults === undefined, ...(faults && { faults }) };
    });
  }
}
