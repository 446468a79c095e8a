// A page view: one query for what the user has, states from memory, and the pushes of all its modules in one send.
import { Injectable } from '@nestjs/common';
import type { Claim, Definition, PageData, PushSubmission } from '@vouchers/contracts';
import { sendInSpans } from '@vouchers/messaging';
import { metrics, type Caller } from '@vouchers/service';
import { newVoucher, type VoucherState } from '@vouchers/voucher';
import { Counter } from 'prom-client';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { Definitions } from '../read-model/definitions.ts';
import { KnownPages } from '../read-model/known-pages.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { randomSubmissionId } from '../submissions/idempotency.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { pageData, timeFor, type UserVoucher, type Visitor } from './page-data.ts';

const ACK_WAIT_MS = 250;

const shed = new Counter({
  name: 'page_delivery_pushes_shed_total',
  help: 'Pushes that Kafka did not take: the next view makes them again',
  registers: [metrics],
});

// One row: of each voucher the newest held or locked claim, else the newest redeemed one.
const HAVING = {
  name: 'having',
  text: `
    SELECT
      (SELECT string_agg(voucher_id::text, ',') FROM pushes WHERE user_id = $1 AND voucher_id = ANY ($2::uuid[])) AS pushed,
      (SELECT json_agg(by_voucher) FROM (
        SELECT voucher_id AS "voucherId", count(*) FILTER (WHERE state <> 'released') AS claims,
          (array_agg(claim ORDER BY state IN ('held', 'locked') DESC, claim_id DESC)
            FILTER (WHERE state IN ('held', 'locked', 'redeemed')))[1] AS claim
        FROM claims WHERE user_id = $1 AND voucher_id = ANY ($2::uuid[]) GROUP BY voucher_id
      ) by_voucher) AS claims`,
};

interface HavingRow extends Record<string, unknown> {
  pushed: string | null;
  claims: { voucherId: string; claims: number; claim: Claim | null }[] | null;
}

/** A page with all that is known of its vouchers and what a user has of them. */
export interface SeenPage {
  vouchers: Map<string, VoucherState>;
  having: Map<string, UserVoucher>;
  visitor: Visitor;
}

@Injectable()
export class VisitedPage {
  constructor(
    private readonly pages: KnownPages,
    private readonly definitions: Definitions,
    private readonly states: VoucherStates,
    private readonly readModel: ReadModel,
    private readonly platform: PlatformKafka,
    private readonly desk: SubmissionDesk,
  ) {}

  /** The page's data; its pushes are given to Kafka, whose word is awaited for a moment only. */
  async visit(slug: string, caller: Caller): Promise<PageData> {
    const page = await this.pages.find(slug);
    const { vouchers, having, visitor } = await this.see(page.voucherIds, caller);
    const { data, pushes } = pageData(page, vouchers, having, visitor);
    if (pushes.length > 0) await this.push(pushes, visitor, slug);
    return data;
  }

  async see(voucherIds: readonly string[], caller: Caller): Promise<SeenPage> {
    const { userAttributes: attributes, occurredAt } = caller;
    const visitor = { userId: caller.userId!, attributes, now: Date.now(), occurredAt: occurredAt?.getTime() };
    const [vouchers, having] = await Promise.all([
      this.vouchersOf(voucherIds, visitor.now),
      this.havingOf(visitor.userId, voucherIds),
    ]);
    return { vouchers, having, visitor };
  }

  /** Read states, and for a version that the outcomes do not tell of yet the state that it will make. */
  private async vouchersOf(voucherIds: readonly string[], now: number): Promise<Map<string, VoucherState>> {
    if (voucherIds.some((id) => !this.definitions.get(id)))
      await this.definitions.toPresentEnd().catch(() => undefined);
    const vouchers = await this.states.of(voucherIds);
    for (const id of voucherIds) {
      const definition = this.definitions.get(id);
      const state = vouchers.get(id);
      if (definition && (state?.lastVersion ?? 0) < definition.version)
        vouchers.set(id, foreseen(state, definition, now));
    }
    return vouchers;
  }

  private async havingOf(userId: string, voucherIds: readonly string[]): Promise<Map<string, UserVoucher>> {
    const [row] = await this.readModel.rows<HavingRow>(HAVING, [userId, arrayText(voucherIds)]);
    const having = new Map<string, UserVoucher>();
    for (const voucherId of row?.pushed?.split(',') ?? []) having.set(voucherId, { claims: 0, pushed: true });
    for (const { voucherId, claims, claim } of row?.claims ?? []) {
      having.set(voucherId, { claims, claim: claim ?? undefined, pushed: having.has(voucherId) });
    }
    return having;
  }

  private async push(vouchers: VoucherState[], visitor: Visitor, pageSlug: string): Promise<void> {
    if (!this.platform.producer.healthy()) return shed.inc(vouchers.length);
    const records = vouchers.map((voucher) => {
      const { voucherId } = voucher;
      const at = new Date(timeFor(voucher, visitor)).toISOString();
      const submissionId = randomSubmissionId();
      const push: PushSubmission = { kind: 'push', submissionId, voucherId, at, userId: visitor.userId, pageSlug };
      return this.desk.recordOf(push);
    });
    // A push that is lost is made again by the next view: nothing of it is an error of this one.
    const acknowledged = sendInSpans(this.platform.producer, records).catch(() => shed.inc(records.length));
    await Promise.race([acknowledged, new Promise((resolve) => setTimeout(resolve, ACK_WAIT_MS))]);
  }
}

/** A list of ids as Postgres reads it; that of a page is made once. */
const arrays = new WeakMap<readonly string[], string>();
function arrayText(ids: readonly string[]): string {
  let text = arrays.get(ids);
  if (text === undefined) arrays.set(ids, (text = `{${ids.join(',')}}`));
  return text;
}

/** The voucher as it will be when the ledger has read this version; it decides at the newest. */
function foreseen(state: VoucherState | undefined, definition: Definition, now: number): VoucherState {
  if (!state) return newVoucher({ ...definition, at: new Date(now).toISOString() });
  if (state.status === 'terminated') return state;
  return { ...state, definition, lastVersion: definition.version, status: definition.intent };
}
