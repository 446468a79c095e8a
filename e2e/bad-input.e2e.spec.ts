// Requests that break the contract get the right 4xx, which names the fault, and write nothing.
import type { Counters, EventRow, List, Problem, Voucher } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CONFIG, LEDGER, PAGE_DELIVERY, type Tokens, type Case } from './bad-input.cases.ts';
import { RULES_AND_TIMES, LOCKS } from './bad-rules.cases.ts';
import { publishedVoucher, send, STAFF } from './requests.ts';

let services: TestServices;
let voucher: Voucher;
let tokens: Tokens;
beforeAll(async () => {
  services = await startServices();
  const [staff, alice, acting, till] = await Promise.all([
    services.signToken({ scope: STAFF }),
    services.signToken({ scope: 'pages:read claims:write' }),
    services.signToken({ scope: 'pages:read claims:act clock:set', sub: 'a-service' }),
    services.signToken({ scope: 'redemptions:write', sub: 'a-till' }),
  ]);
  tokens = { staff, alice, acting, till };
  voucher = await publishedVoucher(services, staff);
}, 90_000);
afterAll(() => services?.stop());

async function check(base: string, [, method, path, sending, status, told]: Case): Promise<void> {
  const url = base + path.replace('{voucher}', voucher.id);
  const sent = await send<Problem>(method, url, sending(tokens));
  expect({ status: sent.status, type: sent.headers.get('content-type') }).toEqual({
    status,
    type: expect.stringMatching(/^application\/problem\+json/),
  });
  expect(sent.body.status).toBe(status);
  expect(sent.headers.get('submission-id')).toBeNull();
  if (Array.isArray(told)) expect(sent.body.errors!.map(({ pointer }) => pointer).sort()).toEqual(told);
  else if (told) expect(sent.body.reason).toBe(told);
}

describe('bad input', () => {
  it.each([...CONFIG, ...RULES_AND_TIMES])('config: %s', (...bad) => check(services.urls.config, bad));
  it.each([...PAGE_DELIVERY, ...LOCKS])('page-delivery: %s', (...bad) => check(services.urls['page-delivery'], bad));
  it.each(LEDGER)('ledger: %s', (...bad) => check(services.urls.ledger, bad));

  it('wrote nothing', async () => {
    const token = tokens.staff;
    const { body: vouchers } = await send<List<Voucher>>('GET', `${services.urls.config}/v1/vouchers`, { token });
    expect(vouchers.items.map(({ id }) => id)).toEqual([voucher.id]);
    const { body: events } = await send<List<EventRow>>(
      'GET',
      `${services.urls.ledger}/v1/vouchers/${voucher.id}/events`,
      { token },
    );
    expect(events.items.filter(({ type }) => type !== 'voucher.enabled.v1').map(({ type }) => type)).toEqual([
      'voucher.defined.v1',
    ]);
    const { body: counters } = await send<Counters>(
      'GET',
      `${services.urls.ledger}/v1/vouchers/${voucher.id}/counters`,
      { token },
    );
    expect(counters).toMatchObject({ pushed: 0, claimed: 0, redeemed: 0, refused: {} });
  });
});
