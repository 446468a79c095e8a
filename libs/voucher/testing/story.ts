// Runs inputs for one voucher in a test and keeps its state and events.
import type {
  Definition,
  Intent,
  Submission,
  SubmissionKind,
  SubmissionOf,
  VoucherSpecInput,
} from '@vouchers/contracts';
import type { Decision, Input, VoucherEvent } from '../src/decision.ts';
import { completeSpec } from '../src/spec/complete.ts';
import type { ClaimRecord, VoucherState } from '../src/state.ts';
import { decideAsNeeded, WholeKnowledge } from './whole-knowledge.ts';

export const FROM = '2026-11-01T00:00:00.000Z';
export const TO = '2026-12-01T00:00:00.000Z';

/** Valid in November 2026 in UTC. Its only limits are one claim per user and one use per claim. */
export const NOVEMBER: VoucherSpecInput = {
  name: 'November',
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: FROM, to: TO } },
};

export function definitionOf(
  spec: Partial<VoucherSpecInput> = {},
  version = 1,
  intent: Intent = 'published',
): Definition {
  const complete = completeSpec({ ...NOVEMBER, ...spec });
  return { voucherId: 'voucher', version, intent, team: 'default', by: 'staff', at: FROM, spec: complete };
}

const DEFAULTS: { [K in SubmissionKind]: Partial<SubmissionOf<K>> } = {
  push: { userId: 'alice', pageSlug: 'home' },
  claim: { claimId: 'claim', userId: 'alice', attributes: {} },
  lock: { claimId: 'claim', userId: 'alice', orderId: 'order', ttlSeconds: 60 },
  unlock: { claimId: 'claim', userId: 'alice', orderId: 'order' },
  release: { claimId: 'claim', userId: 'alice' },
  revoke: { claimId: 'claim', reason: 'fraud' },
  redemption: { redemptionId: 'redemption', claimId: 'claim', order: { id: 'order', amount: 5000, currency: 'EUR' } },
  rollback: { redemptionId: 'redemption', claimId: 'claim', reason: 'returned' },
  join: { entryId: 'entry', userId: 'alice', attributes: {} },
  leave: { userId: 'alice' },
  extension: { claimId: 'claim', userId: 'alice' },
};

export class Story {
  voucher: VoucherState | undefined;
  readonly knowledge = new WholeKnowledge();
  readonly events: VoucherEvent[] = [];
  #submissions = 0;

  /** Decides all slices of an input and returns its events. */
  take(input: Input): VoucherEvent[] {
    const events: VoucherEvent[] = [];
    let decision: Decision;
    do {
      decision = decideAsNeeded(this.voucher, this.knowledge, input);
      this.voucher = decision.voucher;
      this.knowledge.record(decision.events);
      events.push(...decision.events);
    } while (decision.more);
    this.events.push(...events);
    return events;
  }

  define(spec: Partial<VoucherSpecInput> = {}, intent: Intent = 'published', at = FROM): VoucherEvent[] {
    const definition = definitionOf(spec, (this.voucher?.lastVersion ?? 0) + 1, intent);
    return this.take({ type: 'definition', at: Date.parse(at), value: definition });
  }

  tick(at: string): VoucherEvent[] {
    return this.take({ type: 'tick', at: Date.parse(at) });
  }

  submit<K extends SubmissionKind>(kind: K, at: string, fields: Partial<SubmissionOf<K>> = {}): VoucherEvent[] {
    const submissionId = `submission-${++this.#submissions}`;
    const base = { kind, submissionId, voucherId: 'voucher', at, asker: 'asker', bodyHash: 'hash' };
    const value = { ...base, ...DEFAULTS[kind], ...fields } as unknown as Submission;
    return this.take({ type: 'submission', at: Date.parse(at), value });
  }

  /** Returns `granted`, the reason of the refusal, or `nothing` if there is no verdict. */
  ask<K extends SubmissionKind>(kind: K, at: string, fields: Partial<SubmissionOf<K>> = {}): string {
    const verdict = this.submit(kind, at, fields).find((event) => event.submissionId !== undefined);
    return verdict ? (verdict.reason ?? 'granted') : 'nothing';
  }

  get claim(): ClaimRecord {
    return this.knowledge.claim('claim')!;
  }

  get verdict(): VoucherEvent {
    return this.events.findLast((event) => event.submissionId !== undefined)!;
  }
}

export const types = (events: readonly VoucherEvent[]): string[] =>
  events.map(({ type }) => type.slice('voucher.'.length, -'.v1'.length));
