// Several clients at once act as customers, tills and staff. Each waits for its answer, and repeats the request with
// the same key until it has one.
import { setTimeout as pause } from 'node:timers/promises';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { isSettled, type Account, type Answer, type AuditedRequest } from './account.ts';
import { Seeded } from './seed.ts';

const CLIENTS = 8;
const USERS = 60;
const PAUSE_MS = 30;

/** A claim that a client holds. */
interface HeldClaim {
  readonly claimId: string;
  readonly userId: string;
  redemptionId?: string;
}

/** The vouchers of a load, in their first version: one that sells out, one for all, one with several uses. */
export const SPECS: readonly VoucherSpecInput[] = [
  { quantities: { claim: 40 } },
  { nodes: { claim: { perUser: null } } },
  { quantities: { claim: 500 }, nodes: { claim: { perUser: 3 }, use: { perClaim: 3 } } },
].map((changes, index) => ({
  name: `load ${index}`,
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  ...changes,
}));

/** A request to config to make and publish these vouchers. It is sent once and not audited. */
export const publishing = (...items: VoucherSpecInput[]): AuditedRequest => ({
  service: 'config',
  method: 'POST',
  path: '/v1/vouchers/batch',
  body: { items, publish: true },
  answers: [],
});

export class Load {
  readonly #account: Account;
  readonly #voucherIds: readonly string[];
  readonly #pageSlug: string;
  readonly #seed: number;
  readonly #name: string;
  /** The time at which the load gives up. Until then every request is repeated until it is decided. */
  #until: number | undefined;
  #clients: Promise<void>[] = [];
  #opened = 0;
  #decided = 0;
  #waiting: { until: number; resolve: () => void }[] = [];

  /** @param vouchers made from `SPECS`, in that order, and shown on the page */
  constructor(
    account: Account,
    {
      voucherIds,
      pageSlug,
      seed,
      name,
    }: { voucherIds: readonly string[]; pageSlug: string; seed: number; name: string },
  ) {
    this.#account = account;
    this.#voucherIds = voucherIds;
    this.#pageSlug = pageSlug;
    this.#seed = seed;
    this.#name = name;
  }

  start(): void {
    this.#clients = Array.from({ length: CLIENTS }, (_, index) => this.#client(index));
  }

  /** Resolves after `count` more decisions. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ until: this.#decided + count, resolve }));
  }

  get decided(): number {
    return this.#decided;
  }

  /** Stops new requests. Resolves when all earlier ones are decided, or after that time. */
  async stop(withinMs: number): Promise<void> {
    this.#until = performance.now() + withinMs;
    await Promise.all(this.#clients);
  }

  async #client(index: number): Promise<void> {
    const random = new Seeded(this.#seed * 1_000 + index);
    const held: HeldClaim[] = [];
    while (this.#until === undefined) {
      // The first client sometimes acts as staff.
      if (index === 0 && random.next() < 0.1) await this.#edit(random);
      else await this.#act(random, held);
      await pause(PAUSE_MS);
    }
  }

  async #act(random: Seeded, held: HeldClaim[]): Promise<void> {
    const chance = random.next();
    const one = held.length > 0 ? random.oneOf(held) : undefined;
    const userId = `${this.#name}-${random.from(1, USERS)}`;
    if (chance < 0.15) return void (await this.#account.read(`/v1/pages/${this.#pageSlug}`, userId).catch(() => 0));
    if (!one || chance < 0.55) {
      const request = this.#open(userId, 'POST', `/v1/vouchers/${random.oneOf(this.#voucherIds)}/claims`);
      const answer = await this.#settle(request);
      if (answer?.status === 201) held.push({ claimId: answer.body!.id!, userId });
      if (answer && random.next() < 0.1) await this.#settle(request);
      return;
    }
    const orderId = `order-${random.from(1, 1_000_000)}`;
    if (chance < 0.75) {
      const body = { order: { id: orderId, amount: 1, currency: 'EUR' } };
      const answer = await this.#ask(one.userId, 'POST', `/v1/claims/${one.claimId}/redemptions`, body);
      if (answer?.status === 201) one.redemptionId = answer.body!.id!;
    } else if (chance < 0.82) {
      await this.#ask(one.userId, 'PUT', `/v1/claims/${one.claimId}/lock`, { orderId, ttlSeconds: random.from(1, 60) });
    } else if (chance < 0.87) {
      await this.#ask(one.userId, 'DELETE', `/v1/claims/${one.claimId}/lock?orderId=${orderId}`);
    } else if (chance < 0.93 && one.redemptionId) {
      await this.#ask(one.userId, 'POST', `/v1/redemptions/${one.redemptionId}/rollback`, { reason: 'returned' });
    } else {
      await this.#ask(one.userId, 'DELETE', `/v1/claims/${one.claimId}`);
    }
  }

  #ask(userId: string, method: string, path: string, body?: unknown): Promise<Answer | undefined> {
    return this.#settle(this.#open(userId, method, path, body));
  }

  #open(userId: string, method: string, path: string, body?: unknown): AuditedRequest {
    const key = `${this.#name}-${(this.#opened += 1)}`;
    return this.#account.record({
      service: 'page-delivery',
      method,
      path,
      userId,
      key,
      ...(body !== undefined && { body }),
    });
  }

  /** Repeats the request until it is decided. Undefined if that does not happen. */
  async #settle(request: AuditedRequest): Promise<Answer | undefined> {
    const answer = await this.#account.settle(request, () => performance.now() > (this.#until ?? Infinity));
    if (!isSettled(answer)) return undefined;
    this.#count();
    return answer;
  }

  /** Publishes a new version. Sent once, since it has no key and a repetition would make another version. */
  async #edit(random: Seeded): Promise<void> {
    const index = random.from(0, SPECS.length - 1);
    const spec = SPECS[index]!;
    const claim = spec.quantities?.claim;
    const body = { ...spec, ...(claim && { quantities: { claim: claim + random.from(-20, 20) } }) };
    await this.#account.send(
      this.#account.record({ service: 'config', method: 'PUT', path: `/v1/vouchers/${this.#voucherIds[index]}`, body }),
    );
  }

  #count(): void {
    this.#decided += 1;
    const reached = this.#waiting.filter(({ until }) => this.#decided >= until);
    this.#waiting = this.#waiting.filter((one) => !reached.includes(one));
    for (const { resolve } of reached) resolve();
  }
}
