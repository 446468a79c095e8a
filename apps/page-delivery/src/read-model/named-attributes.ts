// Selects the user attributes that a voucher's newest version names. No other attributes leave this process.
import type { Definition, Facts } from '@vouchers/contracts';
import { attributesNamed, onlyNamed } from '@vouchers/voucher';

/**
 * A version is in the definitions some time before the ledger decides by it (DEFINITION_LEAD_MS, and Kafka's delay).
 * Until then the ledger may still need attributes that only the version before names.
 */
const OUTGOING_MS = 10_000;

/** The selected attributes, and the version that selected them. */
export interface Stripped {
  attributes: Facts;
  strippedBy?: number;
}

interface Outgoing {
  names: readonly string[];
  until: number;
}

export class NamedAttributes {
  /** For each voucher with a recent version, the names that the version dropped. The first entries expire first. */
  private readonly outgoing = new Map<string, Outgoing>();

  /** Is called when a newer version was read. */
  replaced(before: Definition | undefined, next: Definition): void {
    const now = performance.now();
    for (const [voucherId, { until }] of this.outgoing) {
      if (until > now) break;
      this.outgoing.delete(voucherId);
    }
    // Nobody can claim a draft, and a first version replaces no other.
    if (!before || before.intent === 'draft') return;
    const { voucherId } = next;
    const named = new Set(attributesNamed(next));
    const dropped = [...attributesNamed(before), ...this.outgoingOf(voucherId)].filter((name) => !named.has(name));
    this.outgoing.delete(voucherId);
    if (dropped.length > 0) this.outgoing.set(voucherId, { names: dropped, until: now + OUTGOING_MS });
  }

  /** Selects the attributes that the newest version names, or that the version before may still need. */
  of(definition: Definition, attributes: Facts): Stripped {
    const names = [...attributesNamed(definition), ...this.outgoingOf(definition.voucherId)];
    return { attributes: onlyNamed(attributes, names), strippedBy: definition.version };
  }

  private outgoingOf(voucherId: string): readonly string[] {
    const outgoing = this.outgoing.get(voucherId);
    return outgoing && outgoing.until > performance.now() ? outgoing.names : [];
  }
}
