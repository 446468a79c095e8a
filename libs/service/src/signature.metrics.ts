// Counts records by their signatures. A record that is read again counts again.
import { SIGNATURE_FAULTS, type SignatureFault } from '@vouchers/contracts/signatures';
import { Counter } from 'prom-client';
import { metrics } from './metrics.ts';

const refused = new Counter({
  name: 'signatures_refused_total',
  help: 'Records that were refused because their signature is missing, wrong, or of an unknown key',
  labelNames: ['consumer', 'reason'],
  registers: [metrics],
});
const unsigned = new Counter({
  name: 'unsigned_records_total',
  help: 'Records without a signature that were accepted',
  labelNames: ['consumer'],
  registers: [metrics],
});

/** Shows a consumer's counts from 0 on, so that their first increase is seen. */
export function showSignatures(consumer: string): void {
  for (const reason of Object.keys(SIGNATURE_FAULTS)) refused.inc({ consumer, reason }, 0);
  unsigned.inc({ consumer }, 0);
}

export function signatureRefused(consumer: string, reason: SignatureFault): void {
  refused.inc({ consumer, reason });
}

export function unsignedAccepted(consumer: string): void {
  unsigned.inc({ consumer });
}
