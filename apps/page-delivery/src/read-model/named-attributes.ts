// Selects the user attributes that a voucher's newest version names. No others leave this process.
import type { Definition, Facts } from '@vouchers/contracts';
import { attributesNamed, onlyNamed } from '@vouchers/voucher';

/**
 * A version is in the definitions some time before it decides (DEFINITION_LEAD_MS, and Kafka's delay). Until then the
 * version before may still ask for attributes that the newest no longer names.
 */
const OUTGOING_MS = 10_000;

/** The attributes that are left, and the version that selected them. */
export interface Stripped {
  attributes: Facts;
  strippedBy?: number;
}

interface Outgoing {
  names: readonly string[];
  until: number;
}

export class NamedAttributes {
  /** For vouchers with a recent version: the names that it dropped, in the order in which they expire. */
  private readonly outgoing = new Map<string, Outgoing>();

  /** A newer version was read. */
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

  /** The names of the newest version, and those for which the version before may still ask. */
  of(definition: Definition, attributes: Facts): Stripped {
    const names = [...attributesNamed(definition), ...this.outgoingOf(definition.voucherId)];
    return { attributes: onlyNamed(attributes, names), strippedBy: definition.version };
  }

  private outgoingOf(voucherId: string): readonly string[] {
    const outgoing = this.outgoing.get(voucherId);
    return outgoing && outgoing.until > performance.now() ? outgoing.names : [];
  }
}
