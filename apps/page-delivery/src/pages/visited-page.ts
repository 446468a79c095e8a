// A page view. It takes the vouchers' states and the user's claims from memory, and sends the pushes of all modules
// together.
import { Injectable } from '@nestjs/common';
import type { Definition, GoodsShown, PushSubmission } from '@vouchers/contracts';
import { sendInSpans } from '@vouchers/messaging';
import { inSlices, metrics, type Caller } from '@vouchers/service';
import { newVoucher, type VoucherState } from '@vouchers/voucher';
import type { FastifyRequest } from 'fastify';
import { Counter } from 'prom-client';
import { HeavyJudging } from '../judging/heavy.judging.ts';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { Parked } from '../parked/parked.ts';
import { Definitions } from '../read-model/definitions.ts';
import { Holdings, type Having } from '../read-model/holdings.ts';
import { Pages } from '../read-model/pages.ts';
import type { NewestRecord } from '../read-model/newest-records.ts';
import { allOf } from '../read-model/maybe-promise.ts';
import { VoucherStates } from '../read-model/voucher-states.ts';
import { randomSubmissionId } from '../submissions/idempotency.ts';
import { SubmissionDesk } from '../submissions/submission-desk.ts';
import { drawPage, slotsOf, undrawn } from './drawn-page.ts';
import { timeFor, type Visitor } from './page-data.ts';

const ACK_WAIT_MS = 250;

const shed = new Counter({
  name: 'page_delivery_pushes_shed_total',
  help: 'Pushes that Kafka did not take; the next page view makes them again',
  registers: [metrics],
});

/** The vouchers of a page, and a user's claims and pushes of them. */
export interface SeenPage {
  vouchers: Map<string, VoucherState>;
  having: Having;
  visitor: Visitor;
  /** By voucher that has some. */
  goods: ReadonlyMap<string, GoodsShown>;
}

@Injectable()
export class VisitedPage {
  constructor(
    private readonly pages: Pages,
    private readonly definitions: Definitions,
    private readonly states: VoucherStates,
    private readonly holdings: Holdings,
    private readonly platform: PlatformKafka,
    private readonly desk: SubmissionDesk,
    private readonly parked: Parked,
    private readonly heavy: HeavyJudging,
  ) {}

  /** The page's data as JSON. The pushes are sent to Kafka, and its acknowledgement is awaited only for a moment. */
  async visit(slug: string, caller: Caller, request: FastifyRequest): Promise<string> {
    const page = await this.pages.find(slug);
    const { vouchers, having, visitor, goods } = await this.see(page.voucherIds, caller);
    const unavailable = page.voucherIds.filter((id) => this.parked.has(id));
    const slots = slotsOf(page, vouchers, having, visitor, goods);
    const judged = this.heavy.standings(undrawn(slots), visitor, slug, request);
    const standings = judged && (await judged);
    const drawn = inSlices(drawPage(page, slots, visitor, { unavailable, standings }), request);
    const { text, pushes } = drawn instanceof Promise ? await drawn : drawn;
    if (pushes.length > 0) await this.push(pushes, visitor, slug);
    return text;
  }

  /** Leaves out parked vouchers. */
  async see(voucherIds: readonly string[], caller: Caller): Promise<SeenPage> {
    const { userId, userAttributes: attributes, team } = caller;
    const occurredAt = caller.occurredAt && { at: caller.occurredAt.getTime(), team };
    const visitor = { userId: userId!, attributes, now: Date.now(), occurredAt };
    const [definitions, [states, having]] = await allOf([
      this.definitions.of(voucherIds),
      allOf([this.states.of(voucherIds), this.holdings.of(visitor.userId, voucherIds)]),
    ]);
    const vouchers = withNewest(definitions, states, visitor.now);
    for (const id of voucherIds) if (this.parked.has(id)) vouchers.delete(id);
    const goods = new Map<string, GoodsShown>();
    for (const [id, { value }] of definitions) if (value?.goodsShown) goods.set(id, value.goodsShown);
    return { vouchers, having, visitor, goods };
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
    // The next view makes a lost push again, so a failure here is no error of this view.
    const acknowledged = sendInSpans(this.platform.producer, records).catch(() => shed.inc(records.length));
    await Promise.race([acknowledged, new Promise((resolve) => setTimeout(resolve, ACK_WAIT_MS))]);
  }
}

/** Predicts the states of vouchers whose newest version is not among the outcomes yet. */
function withNewest(
  newest: ReadonlyMap<string, NewestRecord<Definition>>,
  vouchers: Map<string, VoucherState>,
  now: number,
): Map<string, VoucherState> {
  for (const [id, { version, value: definition }] of newest) {
    const state = vouchers.get(id);
    if (definition && (state?.lastVersion ?? 0) < version) vouchers.set(id, predicted(state, definition, now));
  }
  return vouchers;
}

/** The voucher as it will be when the ledger has read this version. */
function predicted(state: VoucherState | undefined, definition: Definition, now: number): VoucherState {
  if (!state) return newVoucher({ ...definition, at: new Date(now).toISOString() });
  if (state.status === 'terminated') return state;
  return { ...state, definition, lastVersion: definition.version, status: definition.intent };
}
