// The versions of a voucher's past: which attributes each of them kept, and what it gave.
import type { Definition, VoucherSpec } from '@vouchers/contracts';
import { factNames } from '../facts.ts';
import { termsOf } from '../terms.ts';
import type { RecordedEvent } from './question.ts';

interface PastVersion {
  claim: ReadonlySet<string>;
  join: ReadonlySet<string>;
  use: ReadonlySet<string>;
  all: ReadonlySet<string>;
  benefit: VoucherSpec['benefit'];
}

export class PastVersions {
  readonly #versions = new Map<number, PastVersion>();

  add({ version, spec }: Definition): void {
    const { claimFacts, joinFacts, useFacts, attributes } = termsOf(spec);
    const [claim, join, use, all] = [claimFacts, joinFacts, useFacts, attributes].map((names) => new Set(names));
    this.#versions.set(version, { claim: claim!, join: join!, use: use!, all: all!, benefit: spec.benefit });
  }

  /**
   * The attributes among these of which the event does not tell whether its user had them. A version that named one kept
   * it, unless the edge removed it by an earlier version that did not.
   */
  unknownOf(event: RecordedEvent, names: readonly string[]): string[] {
    const { kind, facts = {}, voucherVersion, submission } = event;
    const version = this.#versions.get(voucherVersion);
    const named = version?.[kind === 'claim' ? 'claim' : kind === 'join' ? 'join' : 'use'];
    const strippedBy = submission?.strippedBy;
    const isOlder = strippedBy !== undefined && strippedBy < voucherVersion;
    const sent = isOlder ? (this.#versions.get(strippedBy)?.all ?? new Set()) : undefined;
    return names.filter((name) => {
      const isKept = named?.has(name) === true && (sent === undefined || sent.has(name));
      return !isKept && !Object.hasOwn(facts, factNames([name])[0]!);
    });
  }

  /** The benefit of a version. Undefined if the version is not known, or gave none. */
  benefitOf(version: number): VoucherSpec['benefit'] {
    return this.#versions.get(version)?.benefit;
  }
}
