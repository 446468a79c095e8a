// Collects what a proof finds, by check.
import { proofFault, proofSentence, type ProofCheck, type ProofFault } from '@vouchers/contracts';

/** The most faults per check that are told. */
export const FAULTS_SHOWN = 20;

export class ProofFaults {
  private readonly found = new Map<ProofCheck['check'], ProofFault[]>();

  add(check: ProofCheck['check'], fault: ProofFault): void {
    const faults = this.found.get(check);
    if (!faults) this.found.set(check, [fault]);
    else if (faults.length < FAULTS_SHOWN) faults.push(fault);
  }

  /** The results of the checks that were made. */
  of(made: readonly ProofCheck['check'][]): ProofCheck[] {
    return made.map((check) => {
      const coded = this.found.get(check);
      return { check, passed: coded === undefined, ...(coded && { faults: coded.map(proofSentence), coded }) };
    });
  }
}

/** The fault of a row that differs from what the events say. Null: there is none. */
export function rowFault(id: string, stored: string | null, events: string | null): ProofFault {
  if (stored === null) return proofFault('row-missing', { id });
  return events === null ? proofFault('row-invented', { id }) : proofFault('row-differs', { id, stored, events });
}
