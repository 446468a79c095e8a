// Judges the signatures of the submissions. A record with a missing or wrong one goes to the quarantine without a
// verdict, so that a forgery cannot refuse the submission whose id it names.
import type { SignatureFault } from '@vouchers/contracts/signatures';
import { SignaturesStore, type LogIdentity } from '@vouchers/event-store';
import { endOffsets, type IncomingRecord, type RecordSignatures } from '@vouchers/messaging';
import { showSignatures, signatureRefused, unsignedAccepted } from '@vouchers/service';
import type { LedgerConnections } from '../ledger.connections.ts';

const CONSUMER = 'submissions';

/** Returns the fault of a record's signature. @param type the record's type */
export type SignatureCheck = (record: IncomingRecord, type: string) => SignatureFault | undefined;

export class SignatureChecks {
  private readonly store: SignaturesStore;

  constructor(
    private readonly topic: string,
    private readonly connections: Pick<LedgerConnections, 'kafka' | 'store'>,
  ) {
    this.store = new SignaturesStore(connections.store);
    if (connections.kafka.signatures) showSignatures(CONSUMER);
  }

  /** The check of a partition's records. Undefined if signatures are not checked. */
  async of(partition: number, log: LogIdentity): Promise<SignatureCheck | undefined> {
    const { topic, store } = this;
    const { kafka } = this.connections;
    const { signatures } = kafka;
    if (signatures?.mode !== 'require') {
      await store.notRequired(partition);
      return signatures && checkBy(signatures, topic, Infinity);
    }
    const end = async (): Promise<bigint> => (await endOffsets(kafka, topic))[partition]!;
    return checkBy(signatures, topic, await store.requiredFrom(partition, log, end));
  }
}

/** @param requiredFrom records before this offset may have no signature */
export function checkBy(signatures: RecordSignatures, topic: string, requiredFrom: number): SignatureCheck {
  return (record, type) => {
    const fault = signatures.faultOf(topic, record, type);
    if (fault === 'missing' && Number(record.offset) < requiredFrom) {
      unsignedAccepted(CONSUMER);
      return undefined;
    }
    if (fault !== undefined) signatureRefused(CONSUMER, fault);
    return fault;
  };
}
