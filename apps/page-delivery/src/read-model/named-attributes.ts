// Which user attributes a voucher's newest version names: no others leave this process.
import type { Definition, Facts } from '@vouchers/contracts';
import { attributesNamed, onlyNamed } from '@vouchers/voucher';

/**
 * A version is among the definitions for a while before it decides (DEFINITION_LEAD_MS, and what Kafka takes): so long
 * the version before may still ask for what the newest no longer names.
 */
const OUTGOING_MS = 10_000;

/** What is left of a user's attributes, and by which version. */
export interface Stripped {
  attributes: Facts;
  strippedBy?: number;
}

interface Outgoing {
  names: readonly string[];
  until: number;
}

export class NamedAttributes {
  /** Of vouchers of which a version came lately, the names that it dropped: in order of when they end. */
  private readonly outgoing = new Map<string, Outgoing>();

  /** A newer version was read. */
  replaced(before: Definition | undefined, next: Definition): void {
    const now = performance.now();
    for (const [voucherId, { until }] of this.outgoing) {
      if (until > now) break;
      this.outgoing.delete(voucherId);
    }
    // Nobody can claim a draft, and a first version replaces none.
    if (!before || before.intent === 'draft') return;
    const { voucherId } = next;
    const named = new Set(attributesNamed(next));
    const dropped = [...attributesNamed(before), ...this.outgoingOf(voucherId)].filter((name) => !named.has(name));
    this.outgoing.delete(voucherId);
    if (dropped.length > 0) this.outgoing.set(voucherId, { names: dropped, until: now + OUTGOING_MS });
  }

  /** The attributes that the newest version names, and those that the one before may still ask for. */
  of(definition: Definition, attributes: Facts): Stripped {
    const names = [...attributesNamed(definition), ...this.outgoingOf(definition.voucherId)];
    return { attributes: onlyNamed(attributes, names), strippedBy: definition.version };
  }

  private outgoingOf(voucherId: string): readonly string[] {
    const outgoing = this.outgoing.get(voucherId);
    return outgoing && outgoing.until > performance.now() ? outgoing.names : [];
  }
}
