// Runs the commands that the README shows.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Counters, DecisionTrace, Page, PageData, Redemption, Voucher } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definitionsOf, tokensOf, walkBlocks } from './walk.ts';

const [setup, ...steps] = walkBlocks();

interface Priced {
  claimIds: string[];
  discount: number;
  total: number;
}
interface Order {
  state: string;
  redemptions: Redemption[];
  quote: Priced | null;
}

describe('the walk in the README', () => {
  let services: TestServices;
  let variables: Record<string, string>;
  beforeAll(async () => {
    services = await startServices();
    const { config, ledger } = services.urls;
    variables = { CONFIG: config, PAGE_DELIVERY: services.urls['page-delivery'], LEDGER: ledger };
    for (const { variable, ...claims } of tokensOf(setup!.script))
      variables[variable] = await services.signToken(claims);
  }, 90_000);
  afterAll(() => services?.stop());

  it('has these steps', () => {
    expect(steps.map(({ name }) => name)).toEqual([
      'create and publish',
      'page',
      'view and claim',
      'redeem',
      'counters and decision',
      'two claims',
      'quote',
      'order',
      'roll back',
    ]);
    expect(Object.keys(variables)).toEqual(['CONFIG', 'PAGE_DELIVERY', 'LEDGER', 'STAFF', 'ALICE', 'TILL']);
  });

  it('creates, publishes, shows, claims, redeems, counts, explains, and uses two on an order', async () => {
    const { answers, statuses, kept } = await walk();
    const [published, page, view, redemption, counters, decision, quote, used, undone, order] = answers as [
      Voucher,
      Page,
      PageData,
      Redemption,
      Counters,
      DecisionTrace,
      { best: Priced },
      Order,
      Order,
      Order,
    ];
    // create, publish · page · view, claim · redeem · counters, events, decision
    const claimedAndUsed = [201, 200, 201, 200, 201, 201, 200, 200, 200];
    // batch, claim, claim · quote · order · roll back, look
    expect(statuses).toEqual([...claimedAndUsed, 201, 201, 201, 200, 201, 200, 200]);
    expect(published).toMatchObject({
      id: kept['VOUCHER'],
      version: 2,
      state: expect.stringMatching(/^(published|enabled)$/),
      labels: { campaign: 'welcome' },
    });
    expect(page).toMatchObject({ slug: kept['PAGE'], voucherIds: [kept['VOUCHER']] });
    expect(view.modules).toMatchObject([
      { voucherId: kept['VOUCHER'], state: 'claimable', operations: { claimLabel: 'Claim it' } },
    ]);
    expect(redemption).toMatchObject({
      claimId: kept['CLAIM'],
      voucherId: kept['VOUCHER'],
      userId: 'alice',
      order: { id: 'order-1', amount: 12000, currency: 'EUR' },
    });
    expect(counters).toMatchObject({
      pushed: 1,
      claimed: 1,
      redeemed: 1,
      held: 0,
      used: 1,
      free: 4999,
      refused: {},
    } satisfies Partial<Counters>);
    expect(decision).toMatchObject({
      submissionId: kept['SUBMISSION'],
      kind: 'claim',
      verdict: 'granted',
      facts: { 'user.tier': 'gold' },
    } satisfies Partial<DecisionTrace>);
    expect(decision.checks.every(({ passed }) => passed)).toBe(true);
    expect(decision.checks.map(({ check }) => check)).toContain('claim-rule');
    // 10 % of 120.00, then 5.00.
    const price = { claimIds: [kept['TEN'], kept['FIVE']], discount: 1_700, currency: 'EUR', total: 10_300 };
    expect(quote.best).toMatchObject(price);
    expect(used).toMatchObject({ state: 'redeemed', quote: price });
    expect(used.redemptions.map(({ discount }) => discount?.amount)).toEqual([1_200, 500]);
    expect(undone).toMatchObject({ state: 'rolled-back', quote: { discount: 0, total: 12_000 } });
    expect(order).toMatchObject({ state: 'rolled-back', calls: [{ kind: 'redemption' }, { kind: 'rollback' }] });
  }, 60_000);

  /** Runs all blocks in one shell. Returns the parsed output, and the status of each request. */
  async function walk(): Promise<{ answers: unknown[]; statuses: number[]; kept: Record<string, string> }> {
    const script = [
      'set -euo pipefail',
      `curl() { command curl -w '%{stderr}%{http_code}\\n' "$@" && echo; }`,
      definitionsOf(setup!.script),
      ...steps.map((step) => step.script),
      'for name in VOUCHER PAGE CLAIM SUBMISSION TEN FIVE; do echo "kept $name ${!name}"; done',
    ].join('\n');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], {
      env: { ...process.env, ...variables },
      timeout: 50_000,
    });
    const lines = stdout.split('\n');
    return {
      answers: lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as unknown),
      statuses: stderr
        .split('\n')
        .filter((line) => /^\d{3}$/.test(line))
        .map(Number),
      kept: Object.fromEntries(
        lines.filter((line) => line.startsWith('kept ')).map((line) => line.split(' ').slice(1) as [string, string]),
      ),
    };
  }
});
