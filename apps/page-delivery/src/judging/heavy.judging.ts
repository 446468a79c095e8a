// Judgements that take longer than a slice run in the judging thread, so that they do not delay other requests. If the
// thread cannot take them, the event loop runs them in slices.
import { Inject, Injectable } from '@nestjs/common';
import type { Definition, Facts, Order, VoucherSpec } from '@vouchers/contracts';
import { LOGGER, metrics, untilGone } from '@vouchers/service';
import { costOfJudging, turningAmounts, type Sizes } from '@vouchers/voucher';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { Slot } from '../pages/drawn-page.ts';
import type { Visitor } from '../pages/page-data.ts';
import type { QualificationInput } from '../qualifications/qualified.ts';
import type { QuoteInput } from '../quotes/quoted.ts';
import type { InputOf, Judged, Kind } from './judgements.ts';
import { JudgingThread } from './judging.thread.ts';

/** About as many steps as fit into a slice. */
const HEAVY = 30_000;
/** Rules whose highest cost is at most this are counted with that cost, without looking at the caller's input. */
const LIGHT = 500;
const LARGEST: Sizes = { items: 500, list: 100, text: 16_384 };

const judgedHere = new Counter({
  name: 'page_delivery_heavy_judgements_here_total',
  help: 'Heavy judgements that the thread could not take, so that the event loop did',
  registers: [metrics],
});

@Injectable()
export class HeavyJudging {
  constructor(
    private readonly thread: JudgingThread,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** Judges vouchers of a page for its visitor. Undefined: the event loop has to judge them. */
  standings(
    slots: readonly Slot[],
    visitor: Visitor,
    slug: string,
    request: FastifyRequest,
  ): Promise<Judged<'standings'> | undefined> | undefined {
    const cost = new Cost(visitor.attributes);
    for (const { voucher } of slots) cost.add(voucher.definition, 'claim');
    if (!cost.isHeavy) return undefined;
    const vouchers = new Map(slots.map(({ voucher }) => [voucher.voucherId, voucher]));
    const having = slots.map(({ voucher, has }) => [voucher.voucherId, has] as const);
    return this.inThread('standings', { vouchers, having, visitor, slug }, request);
  }

  /** Judges which claims and vouchers qualify. Undefined: the event loop has to judge them. */
  qualified(input: QualificationInput, request: FastifyRequest): Promise<Judged<'qualified'> | undefined> | undefined {
    const { vouchers, visitor, claims, order, page } = input;
    const cost = new Cost(visitor.attributes, order);
    for (const { voucherId } of claims) cost.add(vouchers.get(voucherId)?.definition, 'use');
    for (const [voucherId] of page?.having ?? []) cost.add(vouchers.get(voucherId)?.definition, 'claim');
    return cost.isHeavy ? this.inThread('qualified', input, request) : undefined;
  }

  /** Judges and prices the claims that an order may use. Undefined: the event loop has to do it. */
  quoted(input: QuoteInput, request: FastifyRequest): Promise<Judged<'quoted'> | undefined> | undefined {
    const { vouchers, visitor, claims, order } = input;
    const cost = new Cost(visitor.attributes, order);
    for (const { voucherId } of claims) {
      const definition = vouchers.get(voucherId)?.definition;
      // A refused claim is judged again with each amount that its rule names.
      if (definition) cost.add(definition, 'use', 1 + turningAmounts(definition).length);
    }
    return cost.isHeavy ? this.inThread('quoted', input, request) : undefined;
  }

  private async inThread<K extends Kind>(
    kind: K,
    input: InputOf<K>,
    request: FastifyRequest,
  ): Promise<Judged<K> | undefined> {
    return untilGone(request, async (signal) => {
      try {
        return await this.thread.judge(kind, input, signal);
      } catch (error) {
        signal.throwIfAborted();
        judgedHere.inc();
        this.logger.warn({ err: error }, 'heavy rules are judged by the event loop');
        return undefined;
      }
    });
  }
}

const mostSteps = { claim: new WeakMap<VoucherSpec, number>(), use: new WeakMap<VoucherSpec, number>() };

/** The most steps that judging this node can take, for the largest input. */
function mostOf(definition: Definition, node: 'claim' | 'use'): number {
  let most = mostSteps[node].get(definition.spec);
  if (most === undefined) mostSteps[node].set(definition.spec, (most = costOfJudging(definition, node, LARGEST)));
  return most;
}

/** Adds up the most steps that judgements for one caller may take. */
class Cost {
  private steps = 0;
  private sizes: Sizes | undefined;

  constructor(
    private readonly attributes: Facts,
    private readonly order?: Order,
  ) {}

  get isHeavy(): boolean {
    return this.steps > HEAVY;
  }

  add(definition: Definition | undefined, node: 'claim' | 'use', times = 1): void {
    if (!definition || this.isHeavy) return;
    const most = mostOf(definition, node);
    this.steps += times * (most > LIGHT ? costOfJudging(definition, node, (this.sizes ??= this.sizesNow())) : most);
  }

  private sizesNow(): Sizes {
    const text = JSON.stringify(this.attributes).length;
    // An element of a list takes at least two characters.
    const list = Math.min(LARGEST.list, text >> 1);
    return { items: Math.min(LARGEST.items, this.order?.items?.length ?? 0), list, text };
  }
}
