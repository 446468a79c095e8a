// `npm run demo -- pool`: one simulated season, once without and once with waiting list, notices and extension, through
// the services' public APIs. Guests and stock are the same. The time of the season is the clock of the submissions.
import type { Claim, Counters, EventRow, List, Voucher, VoucherSpecInput } from '@vouchers/contracts';
import { actingFor, type Access } from './replay.ts';
import { table } from './report.ts';
import { guestsOf, SEASON, type Guest } from './season.ts';
import { ask, type Answer, type Call } from './service-calls.ts';
import type { Say } from './year.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A guest who found nothing asks again after a day, this many times. */
const MOST_TRIES = 4;
/** The voucher's time goes on at least this often. Unit: days. */
const STEP = 0.25;
const SERIES_STEP_HOURS = 3;

const ELASTIC = {
  waitingList: { offerFor: 'P1D', minUse: 'P2D' },
  notices: ['P2D'],
  extension: { length: 'P5D', times: 1 },
} satisfies Partial<VoucherSpecInput>;

const timeOf = (day: number): string => new Date(START + day * DAY_MS).toISOString();

const specOf = (name: string, more: Partial<VoucherSpecInput>): VoucherSpecInput => ({
  name,
  description: 'One day in the baths, of a simulated season',
  resourceType: 'access',
  benefit: { type: 'access', name: 'Day pass' },
  quantities: { claim: SEASON.units },
  windows: {
    timeZone: 'UTC',
    valid: { from: timeOf(0), to: timeOf(SEASON.days) },
    use: { afterClaim: { delay: 'PT0S', length: 'P7D' } },
  },
  labels: { demo: 'pool' },
  clock: 'submissions',
  ...more,
});

export interface SeasonResult {
  readonly name: string;
  readonly counters: Counters;
  /** Days that units spent free or set aside, all units together. */
  readonly idleDays: number;
}

/** Runs both seasons and prints them side by side. */
export async function runSeasons(access: Access, say: Say, signal: AbortSignal): Promise<SeasonResult[]> {
  say(`a simulated season: ${SEASON.guests} guests, ${SEASON.units} units, ${SEASON.days} days, seed ${SEASON.seed}`);
  const results: SeasonResult[] = [];
  for (const [name, more] of [
    ['without', {}],
    ['with', ELASTIC],
  ] as const) {
    const season = await Season.open(access, name, more, signal);
    results.push(await season.run());
    say(`the season ${name} waiting list, notices and extension has ended`);
  }
  say(shown(results));
  return results;
}

/** The results as a table, one line per question. */
export function shown(results: readonly SeasonResult[]): string {
  const line = (what: string, of: (result: SeasonResult) => number): string[] => [
    what,
    '',
    ...results.map((result) => of(result).toLocaleString('en-US')),
  ];
  return table(
    ['simulated season', '', ...results.map(({ name }) => name)],
    [
      line('units used', ({ counters }) => counters.redeemed),
      line('units never used', ({ counters }) => SEASON.units - counters.redeemed),
      line('days that units lay idle', ({ idleDays }) => Math.round(idleDays)),
      line('guests who got a unit', ({ counters }) => counters.claimed),
      line('guests who got none', ({ counters }) => SEASON.guests - counters.claimed),
      line('claims that expired', ({ counters }) => counters.expired),
      line('claims given back', ({ counters }) => counters.released),
      line('claims from an offer', ({ counters }) => counters.claimedFromOffer),
      line('claims extended', ({ counters }) => counters.extended),
    ],
  );
}

/** Something that a guest will do. */
interface Due {
  readonly day: number;
  readonly act: () => Promise<void>;
}

class Season {
  private readonly access: Access;
  private readonly name: string;
  private readonly voucher: Voucher;
  private readonly signal: AbortSignal;
  private readonly agenda: Due[] = [];
  private readonly claims = new Map<string, Claim>();
  private readonly guests = new Map(guestsOf().map((guest) => [guest.id, guest]));
  private today = 0;
  /** The last event of the voucher that was read. */
  private seq = 0;

  private constructor(access: Access, name: string, voucher: Voucher, signal: AbortSignal) {
    this.access = access;
    this.name = name;
    this.voucher = voucher;
    this.signal = signal;
  }

  static async open(
    access: Access,
    name: string,
    more: Partial<VoucherSpecInput>,
    signal: AbortSignal,
  ): Promise<Season> {
    const headers = { Authorization: `Bearer ${access.token}` };
    const body = { items: [specOf(`Day pass, ${name} a waiting list`, more)], publish: true };
    const url = `${access.config}/v1/vouchers/batch`;
    const made = await ask<{ items: Voucher[] }>({ method: 'POST', url, headers, body }, [201], signal);
    const voucher = made.body.items[0]!;
    return new Season(access, name, voucher, signal);
  }

  async run(): Promise<SeasonResult> {
    for (const guest of this.guests.values()) this.plan(guest.arrives, () => this.seek(guest, 1));
    for (let day = STEP; day < SEASON.days; day += STEP) this.plan(day, () => this.pass());
    for (let due = this.agenda.shift(); due; due = this.agenda.shift()) {
      if (due.day >= SEASON.days) break;
      this.today = due.day;
      await due.act();
      await this.follow();
    }
    return { name: this.name, counters: await this.counters(), idleDays: await this.idleDays() };
  }

  private plan(day: number, act: Due['act']): void {
    const at = Math.max(day, this.today);
    const place = this.agenda.findIndex((due) => due.day > at);
    this.agenda.splice(place === -1 ? this.agenda.length : place, 0, { day: at, act });
  }

  // ——— what guests do

  private async seek(guest: Guest, tries: number): Promise<void> {
    if (await this.claim(guest)) return;
    if (this.voucher.waitingList) {
      await this.asUser(guest.id, 'PUT', `vouchers/${this.voucher.id}/waiting-list-entry`, [201, 409], {});
    } else if (tries < MOST_TRIES) {
      this.plan(this.today + 1, () => this.seek(guest, tries + 1));
    }
  }

  /** Whether the guest got a unit. */
  private async claim(guest: Guest): Promise<boolean> {
    const path = `vouchers/${this.voucher.id}/claims`;
    const { status, body } = await this.asUser<Claim>(guest.id, 'POST', path, [201, 409], {});
    if (status === 409) return false;
    this.claims.set(guest.id, body);
    if (guest.plan === 'comes' || guest.plan === 'late')
      this.plan(this.today + guest.visitsAfter, () => this.visit(guest));
    return true;
  }

  private async visit(guest: Guest): Promise<void> {
    const order = { id: `visit-of-${guest.id}`, amount: 0, currency: 'EUR' };
    await this.asUser(guest.id, 'POST', `claims/${this.claims.get(guest.id)!.id}/redemptions`, [201, 409], { order });
  }

  /** A guest reads that the claim expires soon. */
  private async noticed(guest: Guest): Promise<void> {
    const path = `claims/${this.claims.get(guest.id)!.id}`;
    if (guest.plan === 'forgets') await this.visit(guest);
    else if (guest.plan === 'cannot') await this.asUser(guest.id, 'DELETE', path, [200, 409]);
    else if (guest.plan === 'late') await this.asUser(guest.id, 'POST', `${path}/extensions`, [200, 409], {});
  }

  /** Lets time pass. A voucher by the wall clock has ticks; here, it is a request of nobody that is refused. */
  private async pass(): Promise<void> {
    await this.asUser('nobody', 'DELETE', `vouchers/${this.voucher.id}/waiting-list-entry`, [409]);
  }

  // ——— what the ledger says

  /** Reads what happened since, and lets guests answer offers and notices. */
  private async follow(): Promise<void> {
    const url = `${this.access.ledger}/v1/vouchers/${this.voucher.id}/events?limit=200&after=`;
    for (let isWhole = false; !isWhole;) {
      const { items, next } = await this.read<List<EventRow>>(`${url}${this.seq}`);
      for (const { type, seq, at, data } of items) {
        this.seq = seq;
        const guest = this.guests.get(data.userId ?? '');
        if (!guest) continue;
        const answers = (Date.parse(at) - START) / DAY_MS + guest.answersAfter;
        if (type === 'voucher.offered.v1') this.plan(answers, async () => void (await this.claim(guest)));
        if (type === 'voucher.claim-expiring.v1') this.plan(answers, () => this.noticed(guest));
      }
      isWhole = next === null;
    }
  }

  private counters(): Promise<Counters> {
    return this.read(`${this.access.ledger}/v1/vouchers/${this.voucher.id}/counters`);
  }

  private async idleDays(): Promise<number> {
    const range = `from=${timeOf(0)}&to=${timeOf(SEASON.days)}&step=PT${SERIES_STEP_HOURS}H`;
    const url = `${this.access.ledger}/v1/vouchers/${this.voucher.id}/counters/series?${range}`;
    const { items } = await this.read<{ items: Pick<Counters, 'free' | 'offered'>[] }>(url);
    const idle = items.reduce((sum, { free, offered }) => sum + (free ?? 0) + offered, 0);
    return (idle * SERIES_STEP_HOURS * HOUR_MS) / DAY_MS;
  }

  private async read<Body>(url: string): Promise<Body> {
    const headers = { Authorization: `Bearer ${this.access.token}` };
    return (await ask<Body>({ method: 'GET', url, headers }, [200], this.signal, [404])).body;
  }

  private asUser<Body>(
    userId: string,
    method: Call['method'],
    path: string,
    expected: number[],
    body?: unknown,
  ): Promise<Answer<Body>> {
    const at = timeOf(this.today);
    const headers = { ...actingFor(this.access, userId, at), 'Idempotency-Key': `${userId}-${at}` };
    const url = `${this.access.pageDelivery}/v1/${path}`;
    return ask<Body>({ method, url, headers, body }, expected, this.signal, [404]);
  }
}
