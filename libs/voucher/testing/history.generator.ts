// Random histories of a partition with a few vouchers and users. The model runs along: from it the generator knows
// which claims exist and when they fall due, so that times hit boundaries and ids exist.
import type { Definition, Facts, Intent, Submission, SubmissionKind } from '@vouchers/contracts';
import { uuidv7 } from '@vouchers/contracts';
import { freeUnits, type ModelClaim, type ModelRedemption } from './life.ts';
import { FIRST_CALL, randomCall, randomDiscount, randomOrder } from './checkout.generator.ts';
import { VoucherModel, type InputRecord } from './model.ts';
import type { Random } from './random.ts';
import { CHANGES, DAY_MS, HOUR_MS, randomSpec } from './spec.generator.ts';

const USERS = ['user-0', 'user-1', 'user-2', 'user-3', 'user-4'];
const ORDERS = ['order-0', 'order-1', 'order-2'];

/** Grows one history record by record. */
class HistoryGenerator {
  readonly records: InputRecord[] = [];
  private readonly random: Random;
  private readonly models: VoucherModel[];
  private readonly timeZone: string;
  /** The broker's time, and the time of imported history. */
  private clock: number;
  private imported: number;
  private ids = 0;

  constructor(random: Random) {
    this.random = random;
    const [timeZone, change] = random.oneOf(CHANGES);
    this.timeZone = timeZone;
    this.clock = Date.parse(change) + random.between(-36, 2) * HOUR_MS;
    this.imported = this.clock - random.between(0, 24) * HOUR_MS;
    this.models = ['voucher-a', 'voucher-b', 'voucher-c']
      .slice(0, random.oneOf([1, 1, 2, 3]))
      .map((id) => new VoucherModel(id));
  }

  grow(records: number): InputRecord[] {
    for (const model of this.models) {
      if (this.random.chance(0.97)) this.add(model, this.definition(model, 'draft'));
      if (this.random.chance(0.9)) this.add(model, this.definition(model, 'published'));
    }
    while (this.records.length < records) {
      this.pass();
      const model = this.random.oneOf(this.models);
      const kind = this.random.weighted({ submission: 88, definition: this.over(model) ? 30 : 4, tick: 7 });
      if (kind === 'submission') this.add(model, this.submission(model));
      else if (kind === 'definition') this.add(model, this.edit(model));
      else this.addTick();
    }
    return this.records;
  }

  private add(model: VoucherModel, record: InputRecord | undefined): void {
    if (!record) return;
    this.records.push(record);
    model.take(record);
  }

  private addTick(): void {
    const at = this.clock + this.random.oneOf([-2000, -2000, -2000, 0, -5000, -5001, 5001, -HOUR_MS]);
    const record: InputRecord = { type: 'tick', value: { at: new Date(at).toISOString() }, brokerTime: this.clock };
    this.records.push(record);
    for (const model of this.models) model.take(record);
  }

  // ——— time

  /** Lets time pass: a little, to the next boundary, or far. */
  private pass(): void {
    const { random } = this;
    this.clock = this.onward(this.clock, 'wall');
    this.imported = random.chance(0.05) ? this.imported - HOUR_MS : this.onward(this.imported, 'submissions');
  }

  private onward(now: number, clock: 'wall' | 'submissions'): number {
    const { random } = this;
    switch (random.weighted({ still: 380, little: 410, boundary: 180, hours: 25, days: 5 })) {
      case 'still':
        return now;
      case 'little':
        return now + random.between(1, 20 * 60_000);
      case 'boundary': {
        const horizon = now + random.oneOf([HOUR_MS, 6 * HOUR_MS, DAY_MS, 3 * DAY_MS]);
        const ahead = this.boundaries(clock).filter((at) => at > now && at < horizon);
        return ahead.length > 0 ? Math.max(now, random.oneOf(ahead) + random.oneOf([-1, 0, 0, 1])) : now + 1;
      }
      case 'hours':
        return now + random.between(1, 12) * (HOUR_MS / 2);
      case 'days':
        return now + random.between(1, 3) * DAY_MS;
    }
  }

  /** The moments at which something begins, ends or falls due. */
  private boundaries(clock: 'wall' | 'submissions'): number[] {
    const found: number[] = [];
    for (const { life } of this.models) {
      const spec = life.inForce?.spec;
      if (!spec || spec.clock !== clock) continue;
      const { valid, claim, use } = spec.windows;
      const ranges = 'afterClaim' in use ? [valid, claim] : [valid, claim, use];
      for (const range of ranges) found.push(Date.parse(range.from), Date.parse(range.to));
      for (const node of Object.values(spec.nodes)) {
        for (const [, at] of node.when.matchAll(/timestamp\("(.*?)"\)/g)) found.push(Date.parse(at!));
      }
      for (const { state, useFrom, useUntil, lock } of life.claims) {
        if (state === 'held' || state === 'locked' || state === 'redeemed') found.push(useFrom, useUntil);
        if (lock) found.push(lock.until);
      }
      for (const { notices } of life.claims) found.push(...notices);
      for (const { offer } of life.entries) if (offer) found.push(offer.until);
    }
    return found;
  }

  /** The time in a submission. It may differ from the broker's clock. */
  private submittedAt(model: VoucherModel): number {
    if (model.life.inForce?.spec.clock === 'submissions') return this.imported;
    if (this.random.chance(0.75)) return this.clock;
    return this.clock + this.random.oneOf([-1, -300, -4999, -5000, -5001, 4999, 5000, 5001, -HOUR_MS, HOUR_MS, 1000]);
  }

  // ——— definitions

  private definition(model: VoucherModel, intent: Intent, spec?: Definition['spec'], version?: number): InputRecord {
    const { random, timeZone } = this;
    const { inForce } = model.life;
    const frozen = inForce && (inForce.intent !== 'draft' || random.chance(0.8));
    const clock = frozen ? inForce.spec.clock : random.oneOf(['wall', 'wall', 'submissions'] as const);
    const around = clock === 'wall' ? this.clock : this.imported;
    const value: Definition = {
      voucherId: model.life.id,
      version: version ?? model.life.lastVersion + 1,
      intent,
      team: 'default',
      by: 'staff',
      at: new Date(this.clock).toISOString(),
      spec: spec ?? randomSpec(random, { timeZone, clock, around }),
    };
    return { type: 'definition', value, brokerTime: this.clock };
  }

  /** Whether the valid window has ended. Then definitions are more frequent. */
  private over(model: VoucherModel): boolean {
    const spec = model.life.inForce?.spec;
    return (
      spec !== undefined && Date.parse(spec.windows.valid.to) <= (spec.clock === 'wall' ? this.clock : this.imported)
    );
  }

  /** The next version that config could write, sometimes an old one again. */
  private edit(model: VoucherModel): InputRecord {
    const { random } = this;
    const current = model.life.inForce;
    if (!current) return this.definition(model, 'draft');
    if (random.chance(0.1))
      return this.definition(model, current.intent, current.spec, random.between(1, model.life.lastVersion));
    const { intent } = current;
    const next = random.weighted<Intent | 'edit'>({
      edit: 40,
      draft: 0,
      published: intent === 'published' ? 0 : 60,
      paused: intent === 'published' ? 15 : 0,
      terminated: 5,
    });
    return next === 'edit'
      ? this.definition(model, intent)
      : this.definition(model, next, random.chance(0.8) ? current.spec : undefined);
  }

  // ——— submissions

  private id(): string {
    this.ids += 1;
    return uuidv7(this.clock, 0, this.random.between(0, 0x3fffffff), this.ids);
  }

  private submission(model: VoucherModel): InputRecord {
    const { random } = this;
    const kind = random.weighted(this.kinds(model));
    const at = new Date(this.submittedAt(model)).toISOString();
    const base = { submissionId: this.id(), voucherId: model.life.id, at, asker: 'asker', bodyHash: 'hash' };
    return { type: 'submission', value: this.body(model, kind, base), brokerTime: this.clock };
  }

  /** Weights of the kinds. Kinds that can be granted are more frequent. */
  private kinds({ life }: VoucherModel): Record<SubmissionKind, number> {
    const live = life.claims.some(({ state }) => state === 'held' || state === 'locked');
    const locked = life.claims.some(({ state }) => state === 'locked');
    const some = life.claims.length > 0;
    return {
      push: 7,
      claim: live ? 20 : 40,
      lock: live ? 16 : 1,
      unlock: locked ? 10 : 1,
      release: live ? 4 : 1,
      revoke: live ? 2 : 1,
      redemption: live ? 26 : some ? 5 : 1,
      rollback: life.redemptions.length > 0 ? 12 : 1,
      join: life.inForce?.spec.waitingList ? (freeUnits(life) === 0 ? 45 : 4) : 1,
      leave: life.entries.some(({ state }) => state === 'waiting' || state === 'offered') ? 4 : 1,
      extension: life.inForce?.spec.extension && live ? 10 : 1,
    };
  }

  private body(
    model: VoucherModel,
    kind: SubmissionKind,
    base: { submissionId: string; voucherId: string; at: string; asker: string; bodyHash: string },
  ): Submission {
    const { random } = this;
    const { submissionId, voucherId, at } = base;
    if (kind === 'push') return { kind, submissionId, voucherId, at, userId: random.oneOf(USERS), pageSlug: 'home' };
    if (kind === 'claim' || kind === 'join') {
      const page = random.chance(0.5) ? { pageSlug: 'home' } : {};
      const asked = { ...base, ...page, attributes: this.attributes(), ...this.stripped(model) };
      if (kind === 'join') return { ...asked, kind, entryId: this.id(), userId: random.oneOf(USERS) };
      return { ...asked, kind, claimId: this.id(), userId: this.claimant(model) };
    }
    if (kind === 'leave') return { ...base, kind, userId: this.claimant(model) };
    const reason = 'because';
    const by = { sub: 'staff', team: 'team' };
    if (kind === 'rollback') {
      const known = this.redemptionOf(model);
      const claimId = known?.claimId ?? this.id();
      const hold = random.chance(0.15) ? { hold: true } : {};
      return { ...base, kind, redemptionId: known?.id ?? this.id(), claimId, reason, by, ...hold };
    }
    const claim = this.claimOf(model);
    const claimId = claim?.id ?? this.id();
    const userId = claim && random.chance(0.97) ? claim.userId : random.oneOf(USERS);
    const orderId = claim?.lock && random.chance(0.7) ? claim.lock.orderId : random.oneOf(ORDERS);
    switch (kind) {
      case 'lock': {
        const ttlSeconds = random.oneOf([1, 60, 900, 7200, 86_400]);
        const reserving = random.chance(0.65) ? this.reserving(model, orderId, claim) : {};
        return { ...base, kind, claimId, userId, orderId, ttlSeconds, ...reserving };
      }
      case 'unlock':
        return { ...base, kind, claimId, userId, orderId, ...randomCall(random, claim) };
      case 'release':
      case 'extension':
        return { ...base, kind, claimId, userId };
      case 'revoke':
        return { ...base, kind, claimId, reason, by };
      case 'redemption':
        return { ...base, kind, redemptionId: this.id(), claimId, by, ...this.use(model, orderId, claim) };
    }
  }

  /** The fields that a redemption and a reserving lock share. */
  private use(model: VoucherModel, orderId: string, claim: ModelClaim | undefined) {
    const { random } = this;
    const spec = model.life.inForce?.spec;
    const order = randomOrder(random, orderId, spec);
    return {
      order,
      ...(random.chance(0.4) && { attributes: this.attributes(), ...this.stripped(model) }),
      ...(random.chance(0.7) && { matchesGoods: random.chance(0.7), goodsVersion: 1 }),
      ...randomDiscount(random, spec, order, claim),
      ...randomCall(random, claim),
    };
  }

  private reserving(model: VoucherModel, orderId: string, claim: ModelClaim | undefined) {
    const { discount, ...use } = this.use(model, orderId, claim);
    const { lines: _, ...money } = discount ?? { lines: undefined };
    return { ...use, ...(discount && { discount: money as typeof discount }), orderCall: use.orderCall ?? FIRST_CALL };
  }

  /** Often one who is offered a unit, if there is one. */
  private claimant({ life }: VoucherModel): string {
    const offered = life.entries.filter(({ state }) => state === 'offered');
    return offered.length > 0 && this.random.chance(0.5) ? this.random.oneOf(offered).userId : this.random.oneOf(USERS);
  }

  /** Mostly a live claim, sometimes any, rarely another voucher's or none. */
  private claimOf(model: VoucherModel): ModelClaim | undefined {
    const { random } = this;
    if (random.chance(0.03)) return undefined;
    const own = random.chance(0.98) ? model : random.oneOf(this.models);
    const locked = own.life.claims.filter(({ state }) => state === 'locked');
    if (locked.length > 0 && random.chance(0.4)) return random.oneOf(locked);
    const live = own.life.claims.filter(({ state }) => state === 'held' || state === 'locked');
    const claims = live.length > 0 && random.chance(0.85) ? live : own.life.claims;
    return claims.length > 0 ? random.oneOf(claims) : undefined;
  }

  private redemptionOf(model: VoucherModel): ModelRedemption | undefined {
    const { random } = this;
    if (random.chance(0.03)) return undefined;
    const fresh = model.life.redemptions.filter(({ rolledBackAt }) => rolledBackAt === undefined);
    const redemptions = fresh.length > 0 && random.chance(0.85) ? fresh : model.life.redemptions;
    return redemptions.length > 0 ? random.oneOf(redemptions) : undefined;
  }

  private attributes(): Facts {
    const { random } = this;
    const facts: Facts = {};
    if (random.chance(0.8)) facts.tier = random.oneOf(['gold', 'gold', 'vip', 'silver']);
    if (random.chance(0.7)) facts.score = random.oneOf([2, 2.5, 3, 3.5]);
    if (random.chance(0.5)) facts.staff = random.chance(0.8);
    if (random.chance(0.4)) facts.city = random.oneOf(['Köln', 'Wien']);
    if (random.chance(0.1)) facts.id = 'somebody else';
    return facts;
  }

  /** Mostly the version in force. It is absent if the edge removed no attributes. */
  private stripped({ life }: VoucherModel): { strippedBy?: number } {
    const { random } = this;
    if (random.chance(0.3)) return {};
    return { strippedBy: Math.max(1, life.lastVersion - random.oneOf([0, 0, 0, 1])) };
  }
}

/** A history of at least `records` records. The same seed gives the same history. */
export function randomHistory(random: Random, records: number): InputRecord[] {
  return new HistoryGenerator(random).grow(records);
}
