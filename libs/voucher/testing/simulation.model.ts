// The model's own simulation. It runs the records through one model as they were, and the submissions that were recorded
// through another one under the new spec. It was written from the specification alone, and looks through everything.
import type { Definition, Facts, Submission, VoucherSpec } from '@vouchers/contracts';
import { attributesIn, dependsOnUnkept, UNKEPT } from './conditions.ts';
import { claimOf, sightOf, type Life } from './life.ts';
import { VoucherModel, type InputRecord, type ModelEvent } from './model.ts';
import { pushRefusal, refusal } from './refusals.ts';
import { impossible, SimulatedVoucher, turnAfter, type Asked } from './simulated-voucher.ts';

export interface ModelDecision {
  submissionId: string;
  class: 'same' | 'exact' | 'consequent' | 'unobserved' | 'moot';
  was: string;
  would: string;
}

export interface ModelSimulation {
  decisions: ModelDecision[];
  missing: Record<string, number>;
  unpriced: number;
  was: Life;
  would: Life;
}

type Kind = 'claim' | 'join' | 'use';

/** The attributes that a version keeps at a node, or all that it keeps. */
function kept({ nodes, waitingList }: VoucherSpec, kind: Kind | 'all'): string[] {
  const { claim, use } = nodes;
  const byUse = [...attributesIn(use.when), ...(use.record ?? [])];
  const byClaim = [...attributesIn(claim.when), ...attributesIn(use.when), ...(claim.record ?? [])];
  const byJoin = waitingList ? [...attributesIn(waitingList.rank), ...attributesIn(claim.when)] : [];
  return { claim: byClaim, join: byJoin, use: byUse, all: [...byUse, ...byClaim, ...byJoin] }[kind];
}

const isUse = (submission: Submission): boolean =>
  submission.kind === 'redemption' || (submission.kind === 'lock' && submission.orderCall !== undefined);

export class SimulationModel {
  private readonly was: VoucherModel;
  private readonly would: SimulatedVoucher;
  private readonly spec: VoucherSpec;
  private readonly versions = new Map<number, VoucherSpec>();
  private readonly found: ModelSimulation;
  private intent = 'draft';
  private judgedAt = -Infinity;

  constructor(voucherId: string, spec: VoucherSpec) {
    this.was = new VoucherModel(voucherId);
    this.would = new SimulatedVoucher(voucherId);
    this.spec = spec;
    this.found = { decisions: [], missing: {}, unpriced: 0, was: this.was.life, would: this.would.life };
  }

  /** Simulates up to `end`. */
  run(history: readonly InputRecord[], end: number): ModelSimulation {
    for (const record of history) {
      const before = JSON.parse(JSON.stringify(this.was.life)) as Life;
      const events = this.was.take(record);
      const isOver = events.some(
        ({ at, type }) => at > end && !(type === 'voucher.defined.v1' && this.spec.clock !== 'wall'),
      );
      if (isOver) break;
      if (record.type === 'definition' && events.some(({ type }) => type === 'voucher.defined.v1'))
        this.define(record.value, events.find(({ type }) => type === 'voucher.defined.v1')!.at);
      if (record.type !== 'submission') continue;
      const verdict = events.find(({ submissionId }) => submissionId === record.value.submissionId);
      if (verdict) this.submit(record.value, verdict, before);
    }
    this.pass(end + 1);
    return { ...this.found, was: this.was.life, would: this.would.life };
  }

  // ——— time

  private get isWall(): boolean {
    return this.spec.clock === 'wall';
  }

  /** Everything that happens before `until` without a submission. */
  private pass(until: number): void {
    if (!this.isWall || this.intent === 'draft') return;
    for (;;) {
      const due = Math.max(this.would.nextDue(), this.judgedAt);
      const next = Math.min(due, turnAfter(this.spec, this.judgedAt, until));
      if (next >= until) return;
      this.would.reach(next);
      this.judgedAt = next;
    }
  }

  /** The nodes are judged around each input. */
  private settle(t: number): void {
    this.judgedAt = Math.max(this.judgedAt, t);
    if (this.isWall) this.would.reach(t);
  }

  // ——— inputs

  private define(definition: Definition, at: number): void {
    this.versions.set(definition.version, definition.spec);
    const isDraft = this.intent === 'draft' && definition.intent === 'draft';
    const isNew = isDraft || definition.intent !== this.intent;
    const wall = (isDraft ? definition.spec : this.spec).clock === 'wall';
    this.pass(at);
    this.intent = definition.intent;
    if (!isNew) return;
    const value = isDraft ? definition : { ...definition, spec: this.spec };
    this.would.take({ type: 'definition', value, brokerTime: at });
    if (!wall) return;
    this.judgedAt = Math.max(this.judgedAt, at);
    this.would.reach(at);
  }

  private submit(submission: Submission, verdict: ModelEvent, before: Life): void {
    const t = verdict.at;
    this.pass(t);
    const past = SimulatedVoucher.at(before, t).life;
    const would = this.judged(submission, verdict, past);
    const was = verdict.reason ?? 'granted';
    const decision: ModelDecision = { submissionId: submission.submissionId, class: 'same', was, would: would.said };
    if (would.as) decision.class = would.as;
    else if (would.said !== was) {
      const alone = this.alone(would.submission, past, t);
      decision.class = alone === would.said ? 'exact' : 'consequent';
    }
    this.found.decisions.push(decision);
    if (submission.kind === 'redemption' && would.said === 'granted') this.countUnpriced(submission, verdict);
  }

  private judged(
    submission: Submission,
    verdict: ModelEvent,
    past: Life,
  ): { said: string; as?: 'moot' | 'unobserved'; submission: Submission } {
    const { would } = this;
    const t = verdict.at;
    if (this.isMoot(submission, verdict, past)) {
      would.reach(t);
      this.settle(t);
      return { said: 'moot', as: 'moot', submission };
    }
    if (submission.kind === 'push') {
      const at = new Date(t).toISOString();
      const count = would.refusedPushes.length;
      would.take({ type: 'submission', value: { ...submission, at }, brokerTime: t });
      const said = would.refusedPushes.length > count ? would.refusedPushes.at(-1)! : 'granted';
      if (said === 'granted') this.settle(t);
      return { said, submission };
    }
    if (verdict.reason === 'unreadable') return { ...this.stay(submission, verdict), submission };
    const marked = this.marked(submission, verdict);
    const probe = SimulatedVoucher.at(would.life, t);
    const unknown = this.unknownIn(marked, probe.life, t);
    if (unknown.length > 0) {
      this.count(unknown);
      return { ...this.stay(marked, verdict), submission };
    }
    const reason = refusal(probe.life, marked, t);
    if (!reason && marked.kind === 'join') this.countRank(marked, probe.life, t);
    would.takeJudged(marked, t, refusal);
    this.settle(t);
    return { said: reason ?? 'granted', submission: marked };
  }

  /** The recorded verdict again, if there is something left to give. */
  private stay(submission: Asked, { at, reason }: ModelEvent): { said: string; as: 'unobserved' } {
    let said: string = 'granted';
    this.would.takeJudged(submission, at, (life) => {
      const refused = reason ?? impossible(life, submission);
      said = refused ?? 'granted';
      return refused;
    });
    this.settle(at);
    return { said, as: 'unobserved' };
  }

  private isMoot(submission: Submission, { reason }: ModelEvent, past: Life): boolean {
    if (!('claimId' in submission) || submission.kind === 'claim') return false;
    const { would } = this;
    const has = (life: Life): boolean => life.claims.some(({ id }) => id === submission.claimId);
    if (reason === 'unreadable') {
      // It says of which claim it is only if that claim existed and was the user's.
      if (submission.kind !== 'lock' && submission.kind !== 'redemption') return false;
      const claim = past.claims.find(({ id }) => id === submission.claimId);
      const isOwn = claim && (submission.kind === 'redemption' || submission.userId === claim.userId);
      return isOwn === true && !has(would.life);
    }
    if (!has(would.life)) return true;
    return submission.kind === 'rollback' && !would.life.redemptions.some(({ id }) => id === submission.redemptionId);
  }

  /** The answer of the spec on the state that history had. */
  private alone(submission: Submission, past: Life, t: number): string | undefined {
    const life = JSON.parse(JSON.stringify(past)) as Life;
    life.inForce = this.would.life.inForce;
    if (submission.kind === 'push') return pushRefusal(life, t) ?? 'granted';
    if ('claimId' in submission && submission.kind !== 'claim') {
      const facts = claimOf(this.would.life, submission.claimId).facts;
      claimOf(life, submission.claimId).facts = facts;
    }
    if (this.unknownIn(submission, life, t).length > 0) return undefined;
    return refusal(life, submission, t) ?? 'granted';
  }

  // ——— what was not kept

  /** The submission as far as it was kept. */
  private marked(submission: Asked, verdict: ModelEvent): Asked {
    if (!isUse(submission) && submission.kind !== 'claim' && submission.kind !== 'join') return submission;
    const use = submission as Extract<Submission, { kind: 'redemption' | 'claim' }>;
    const attributes = 'attributes' in use && use.attributes && this.attributes(use, verdict);
    const goods = isUse(submission) && {
      matchesGoods: (use as { matchesGoods?: boolean }).matchesGoods ?? (UNKEPT as unknown as boolean),
    };
    return { ...submission, ...(attributes && { attributes }), ...goods } as Asked;
  }

  private attributes(submission: Submission, { version, facts = {} }: ModelEvent): Facts {
    const { strippedBy } = submission as { strippedBy?: number };
    const kind: Kind = submission.kind === 'claim' || submission.kind === 'join' ? submission.kind : 'use';
    let known = kept(this.versions.get(version!)!, kind);
    if (strippedBy !== undefined && strippedBy < version!) {
      const older = this.versions.get(strippedBy);
      known = known.filter((name) => older && kept(older, 'all').includes(name));
    }
    const wanted = kept(this.spec, 'all').filter((name) => !known.includes(name) && !Object.hasOwn(facts, name));
    return { ...facts, ...Object.fromEntries(wanted.map((name) => [name, UNKEPT])) };
  }

  /** The names of what was not kept and is needed to judge the submission. */
  private unknownIn(submission: Asked, life: Life, t: number): string[] {
    const reason = refusal(life, submission, t);
    if (reason === 'unreadable') return ['order.discount'];
    if (reason !== 'claim-rule' && reason !== 'use-rule') return [];
    const { claim, use } = life.inForce!.spec.nodes;
    const { when } = reason === 'claim-rule' ? claim : use;
    const sight = this.sight(submission, life, t);
    if (!dependsOnUnkept(when, sight)) return [];
    const users = attributesIn(when).filter((name) => (sight.user as Facts)[name] === UNKEPT);
    const isGoods = when.includes('order.matchesGoods') && sight.order?.matchesGoods === UNKEPT;
    return [...users.map((name) => `user.${name}`), ...(isGoods ? ['order.matchesGoods'] : [])];
  }

  private sight(submission: Asked, life: Life, t: number) {
    if (submission.kind === 'claim' || submission.kind === 'join') {
      const { attributes, userId, pageSlug } = submission;
      return {
        ...sightOf(life, t),
        user: { ...attributes, id: userId },
        page: { slug: pageSlug ?? '' },
        order: undefined,
      };
    }
    const { claimId, order, attributes, matchesGoods } = submission as Extract<Submission, { kind: 'redemption' }>;
    const claim = claimOf(life, claimId);
    const { heldAt, uses, userId, facts } = claim;
    return {
      ...sightOf(life, t),
      user: { ...(attributes ?? facts), id: userId },
      order: { items: [], ...order, matchesGoods } as Record<string, unknown>,
      claim: { heldAt, uses },
    };
  }

  private count(names: string[]): void {
    for (const name of names) this.found.missing[name] = (this.found.missing[name] ?? 0) + 1;
  }

  private countRank(submission: Extract<Submission, { kind: 'join' }>, life: Life, t: number): void {
    const { rank } = life.inForce!.spec.waitingList!;
    if (dependsOnUnkept(rank, this.sight(submission, life, t)))
      this.count(attributesIn(rank).map((name) => `user.${name}`));
  }

  private countUnpriced({ discount }: Extract<Submission, { kind: 'redemption' }>, { version }: ModelEvent): void {
    const spec = this.versions.get(discount?.version ?? version!);
    if (JSON.stringify(spec?.benefit) !== JSON.stringify(this.spec.benefit)) this.found.unpriced += 1;
  }
}
