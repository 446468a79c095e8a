// Many users claim and use vouchers with patience: they repeat a request with the same key while the service is away or
// has not decided. So each gets one answer in the end, whatever happens to the services.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, Counters, Redemption, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { ask } from '../demo/service-calls.ts';
import type { RunningServices } from '../services/running.ts';
import type { Count, Tally } from './tally.ts';

/** Scopes of the token. */
export const SCOPES = 'vouchers:read vouchers:write vouchers:publish claims:act redemptions:write ledger:read';

/** More vouchers than partitions, so that each partition has some. Every fourth one runs out of units. */
const VOUCHERS = 24;
const SCARCE_UNITS = 40;
const DAY_MS = 86_400_000;
/** The time in which the ledger must count all answers. */
const COUNTED_WITHIN_MS = 60_000;

export class Traffic {
  readonly vouchers: readonly Voucher[];
  readonly tallies: readonly Tally[];
  /** Longest time from a user's first request to the answer, with all repetitions. */
  longestMs = 0;
  readonly #services: RunningServices;
  readonly #signal: AbortSignal;
  readonly #run = randomUUID().slice(0, 8);
  #users = 0;

  /** Makes and publishes the vouchers. */
  static async prepare(services: RunningServices, signal: AbortSignal): Promise<Traffic> {
    const items = Array.from({ length: VOUCHERS }, (_, index) => voucher(index % 4 === 0 ? SCARCE_UNITS : null));
    const { body } = await ask<{ items: Voucher[] }>(
      {
        method: 'POST',
        url: `${services.config}/v1/vouchers/batch`,
        headers: { Authorization: `Bearer ${services.token}` },
        body: { items, publish: true },
      },
      [201],
      signal,
    );
    return new Traffic(services, body.items, signal);
  }

  private constructor(services: RunningServices, vouchers: readonly Voucher[], signal: AbortSignal) {
    this.vouchers = vouchers;
    this.#services = services;
    this.#signal = signal;
    this.tallies = vouchers.map(({ id, quantities }) => ({
      voucherId: id,
      units: quantities?.claim ?? null,
      claims: new Set(),
      redemptions: new Set(),
      soldOut: 0,
    }));
  }

  /** Returns when the time is over and every request has an answer. */
  async run(clients: number, seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1_000;
    const client = async (): Promise<void> => {
      while (performance.now() < until && !this.#signal.aborted) await this.#visit(this.#users++);
    };
    await Promise.all(Array.from({ length: clients }, client));
  }

  /** The ledger's counts, when they equal the answers, or after a minute. */
  async count(): Promise<Count[]> {
    const until = performance.now() + COUNTED_WITHIN_MS;
    for (;;) {
      const counts = await Promise.all(this.vouchers.map(({ id }) => this.#countOf(id)));
      const isThere = this.tallies.every(
        ({ claims, redemptions }, at) => counts[at]!.claimed >= claims.size && counts[at]!.redeemed >= redemptions.size,
      );
      if (isThere || performance.now() > until) return counts;
      await pause(500, undefined, { signal: this.#signal });
    }
  }

  /** One user claims, and every second user redeems. */
  async #visit(nth: number): Promise<void> {
    const tally = this.tallies[nth % this.tallies.length]!;
    const user = `traffic-${this.#run}-${nth}`;
    const claim = await this.#write<Claim>(user, `vouchers/${tally.voucherId}/claims`, 'claim', {});
    if (claim === undefined) {
      tally.soldOut += 1;
      return;
    }
    if (tally.claims.has(claim.id)) throw new Error(`claim ${claim.id} was given to two users`);
    tally.claims.add(claim.id);
    if (nth % 2 === 1) return;
    const order = { id: `order-of-${user}`, amount: 1_000, currency: 'EUR' };
    const redemption = await this.#write<Redemption>(user, `claims/${claim.id}/redemptions`, 'use', { order });
    tally.redemptions.add(redemption!.id);
  }

  /** Undefined if no unit is left. Any other refusal is an Error. */
  async #write<Made>(user: string, path: string, key: string, body: unknown): Promise<Made | undefined> {
    const began = performance.now();
    const { status, body: answer } = await ask<Made & { reason?: string }>(
      {
        method: 'POST',
        url: `${this.#services.pageDelivery}/v1/${path}`,
        headers: {
          Authorization: `Bearer ${this.#services.token}`,
          'X-User-Id': user,
          'Idempotency-Key': `${user}-${key}`,
        },
        body,
      },
      [201, 409],
      this.#signal,
    );
    this.longestMs = Math.max(this.longestMs, performance.now() - began);
    if (status === 201) return answer;
    if (answer.reason !== 'sold-out') throw new Error(`${path}: refused, ${answer.reason}`);
    return undefined;
  }

  async #countOf(voucherId: string): Promise<Count> {
    const of = async <Body>(what: string): Promise<Body> => {
      const url = `${this.#services.ledger}/v1/vouchers/${voucherId}/${what}`;
      const headers = { Authorization: `Bearer ${this.#services.token}` };
      return (await ask<Body>({ method: 'GET', url, headers }, [200], this.#signal, [404])).body;
    };
    const counters = await of<Counters>('counters');
    const { holds } = await of<{ holds: boolean }>('proof');
    const { claimed, redeemed, refused } = counters;
    return { voucherId, claimed, redeemed, soldOut: refused.claim?.['sold-out'] ?? 0, holds };
  }
}

function voucher(units: number | null): VoucherSpecInput {
  const dayFrom = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
  return {
    name: units === null ? 'Traffic' : `Traffic, ${units} units`,
    resourceType: 'coupon',
    quantities: { claim: units },
    windows: { timeZone: 'UTC', valid: { from: dayFrom(-1), to: dayFrom(1) } },
    labels: { source: 'traffic' },
  };
}
