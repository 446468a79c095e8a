// One claim, observed by an operator: one trace through three services, log lines without personal data, metrics.
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type Claim, type Counters, type Redemption } from '@vouchers/contracts';
import { eventually, startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { otlpReceiver, treeOf, type OtlpReceiver } from './otlp.receiver.ts';
import { checkRules, dashboardQueries, hasPrometheus, metricsAskedFor, startPrometheus } from './prometheus.ts';
import { ACTING, publishedVoucher, send, STAFF } from './requests.ts';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
/** A trace context as a browser's tracing sends it. */
const newTrace = (flags = '01'): { traceId: string; traceparent: string } => {
  const traceId = hex(16);
  return { traceId, traceparent: `00-${traceId}-${hex(8)}-${flags}` };
};

describe('a claim, observed', () => {
  const tier = `tier-${hex(6)}`;
  const pushedFrom = `page-${hex(4)}`;
  const order = `order-${hex(6)}`;
  let collector: OtlpReceiver;
  let services: TestServices;
  let staff: string;
  let acting: string;
  let alice: string;
  let voucherId: string;
  beforeAll(async () => {
    collector = await otlpReceiver();
    services = await startServices({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '100',
        LOG_LEVEL: 'debug',
        OUTCOME_WAIT_MS: '20000',
      },
    });
    [staff, acting, alice] = await Promise.all([
      services.signToken({ scope: STAFF }),
      services.signToken({ scope: ACTING }),
      services.signToken({ sub: 'alice', scope: 'claims:write pages:read', attrs: { tier } }),
    ]);
    voucherId = (await publishedVoucher(services, staff, { nodes: { claim: { when: `user.tier == '${tier}'` } } })).id;
  }, 90_000);
  afterAll(async () => {
    await services?.stop();
    await collector?.stop();
  });

  const claims = (): string => `${services.urls['page-delivery']}/v1/vouchers/${voucherId}/claims`;
  const names = (traceId: string): string[] =>
    collector.spansOf(traceId).map(({ service, name }) => `${service}: ${withoutNamespace(name)}`);
  const withoutNamespace = (name: string): string => name.replace(`${services.namespace}.`, '');

  it('is one trace, from the browser’s request to the read model', async () => {
    const { traceId, traceparent } = newTrace();
    const sent = await send<Claim>('POST', claims(), { token: alice, key: 'one', headers: { traceparent } });
    expect(sent.status).toBe(201);

    const wanted = [
      'page-delivery: POST /v1/vouchers/:id/claims',
      'page-delivery: send voucher.submissions.v1',
      'ledger: decide',
      'ledger: commit',
      'ledger: send voucher.outcomes.v1',
      'page-delivery: answer',
      'page-delivery: project voucher.outcomes.v1',
      'config: follow voucher.outcomes.v1',
    ];
    await eventually('all its spans were told', () => names(traceId).length >= wanted.length);
    expect(names(traceId).sort()).toEqual([...wanted].sort());

    const spans = collector.spansOf(traceId);
    const of = (name: string) => spans.find((span) => withoutNamespace(span.name) === name)!;
    const decide = of('decide');
    expect(of('POST /v1/vouchers/:id/claims').parentSpanId).toBe(traceparent.split('-')[2]);
    expect(of('send voucher.submissions.v1').parentSpanId).toBe(of('POST /v1/vouchers/:id/claims').spanId);
    expect(decide.parentSpanId).toBe(of('send voucher.submissions.v1').spanId);
    for (const name of ['commit', 'send voucher.outcomes.v1', 'answer', 'project voucher.outcomes.v1'])
      expect([name, of(name).parentSpanId]).toEqual([name, decide.spanId]);
    expect(decide.attributes).toMatchObject({ 'voucher.event': 'voucher.claimed.v1' });
    expect(JSON.stringify(spans)).not.toMatch(new RegExp(`alice|${tier}`));
    console.log(treeOf(spans));
  });

  it('and so is a voucher’s publication', async () => {
    const { traceId, traceparent } = newTrace();
    const spec = {
      name: 'Traced',
      resourceType: 'coupon',
      windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
    };
    const sent = await send('POST', `${services.urls.config}/v1/vouchers/batch`, {
      token: staff,
      headers: { traceparent },
      body: { items: [spec], publish: true },
    });
    expect(sent.status).toBe(201);
    await eventually('all three services told of it', () =>
      [
        'config: send voucher.definitions.v1',
        'config: send voucher.submissions.v1',
        'ledger: decide',
        'page-delivery: project voucher.outcomes.v1',
      ].every((name) => names(traceId).includes(name)),
    );
    console.log(treeOf(collector.spansOf(traceId)));
  });

  it('a trace that is not sampled is passed on but not exported', async () => {
    const unsampled = newTrace('00');
    const sampled = newTrace();
    for (const { traceparent } of [unsampled, sampled])
      await send('POST', claims(), { token: alice, key: traceparent, headers: { traceparent } });
    await eventually('the later one was told', () =>
      names(sampled.traceId).includes('config: follow voucher.outcomes.v1'),
    );
    expect(names(unsampled.traceId)).toEqual([]);
  });

  it('logs are JSON with request and trace ids, and without personal data', async () => {
    const { traceId, traceparent } = newTrace();
    const url = services.urls['page-delivery'];
    const bob = { 'X-User-Id': 'bob', 'X-User-Attrs': JSON.stringify({ tier }), traceparent };
    await send('PUT', `${services.urls.config}/v1/pages/${pushedFrom}`, {
      token: staff,
      body: { title: 'A page', voucherIds: [voucherId] },
    });
    await send('GET', `${url}/v1/pages/${pushedFrom}`, { token: acting, headers: bob });
    const claim = await send<Claim>('POST', claims(), { token: acting, key: 'secret-key-of-bob', headers: bob });
    const body = { order: { id: order, amount: 12_345, currency: 'EUR' } };
    const redeemed = await send<Redemption>('POST', `${url}/v1/claims/${claim.body.id}/redemptions`, {
      token: acting,
      key: 'redeem',
      headers: bob,
      body,
    });
    await send('POST', claims(), { token: 'no.such.token', key: 'refused', body: `{"broken": "${order}"` });
    await send('POST', claims(), { token: alice, key: 'broken', body: `{"broken": "${order}"` });
    expect([claim.status, redeemed.status]).toEqual([201, 201]);

    const lines = () =>
      readdirSync(services.logDir)
        .filter((file) => file.endsWith('.log') && file !== 'migrations.log')
        .flatMap((file) => readFileSync(join(services.logDir, file), 'utf8').split('\n'))
        .filter((line) => line !== '' && !line.startsWith('('))
        .map((line) => ({ line, read: JSON.parse(line) as Record<string, unknown> }));
    const answered = () => lines().filter(({ read }) => read['msg'] === 'answered');
    await eventually('the claim’s line is there', () =>
      answered().some(
        ({ read }) => read['traceId'] === traceId && read['submissionId'] === claim.headers.get('submission-id'),
      ),
    );
    for (const { read } of answered())
      expect(read).toMatchObject({ requestId: expect.any(String), status: expect.any(Number) });
    expect(new Set(lines().map(({ read }) => read['service']))).toEqual(new Set(SERVICE_NAMES));
    const secrets = [staff, acting, alice, tier, order, 'secret-key-of-bob', 'Authorization'];
    for (const secret of secrets) expect(lines().filter(({ line }) => line.includes(secret))).toEqual([]);
  });

  it('metrics count it', async () => {
    const metrics = async (service: keyof TestServices['urls']) =>
      (await fetch(`${services.urls[service]}/metrics`)).text();
    const counters = await send<Counters>('GET', `${services.urls.ledger}/v1/vouchers/${voucherId}/counters`, {
      token: staff,
    });
    const { claimed, redeemed } = counters.body;
    const ledger = await metrics('ledger');
    expect(ledger).toContain(`ledger_events_total{type="voucher.claimed.v1"} ${claimed}`);
    expect(ledger).toContain(`ledger_decisions_total{kind="claim",verdict="granted",reason=""} ${claimed}`);
    expect(ledger).toContain(`ledger_decisions_total{kind="redemption",verdict="granted",reason=""} ${redeemed}`);
    expect(ledger).toContain('ledger_decisions_total{kind="claim",verdict="refused",reason="per-user-limit"} 2');
    for (const idle of [/^ledger_relay_lag_events{partition="\d+"} (\d+)$/gm, /^consumer_lag_records{.*} (\d+)$/gm])
      expect(new Set([...ledger.matchAll(idle)].map(([, value]) => value))).toEqual(new Set(['0']));
    const page = await metrics('page-delivery');
    expect(page).toMatch(/^page_delivery_outcome_waits_total{end="decided"} [1-9]/m);
    expect(page).toMatch(
      /^http_request_duration_seconds_count{method="POST",route="\/v1\/vouchers\/:id\/claims",status="201"} 2$/m,
    );
    expect(page).toMatch(/^consumer_lag_records{consumer="projector",partition="0"} 0$/m);
    const config = await metrics('config');
    expect(config).toMatch(/^config_outbox_rows 0$/m);
    for (const all of [ledger, page, config]) {
      expect(all).toMatch(/^service_check_up{check="postgres"} 1$/m);
      expect(all).not.toContain(voucherId);
    }
  });

  it('dashboards and alerts use only metrics that exist', async () => {
    const told = await Promise.all(
      Object.values(services.urls).map(async (url) => (await fetch(`${url}/metrics`)).text()),
    );
    const names = new Set(told.flatMap((text) => [...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name]) => name)));
    expect([...metricsAskedFor()].filter((name) => !names.has(name))).toEqual([]);
    expect(metricsAskedFor().size).toBeGreaterThan(20);
  });

  // Needs prometheus and promtool. Without them, only the test above checks the rules.
  (hasPrometheus ? it : it.skip)(
    'Prometheus loads the rules, scrapes the services, and every panel of every dashboard has data',
    async () => {
      console.log(await checkRules());
      const prometheus = await startPrometheus(services.urls);
      try {
        const counts = await eventually(
          'every panel has data',
          async () => {
            // Claims go on meanwhile, since a rate needs new values.
            await send('POST', claims(), { token: alice, key: hex(8) });
            const queries = dashboardQueries();
            const counts = await Promise.all(
              queries.map(async ({ panel, expr }) => [panel, await prometheus.series(expr)] as const),
            );
            expect(counts.filter(([, count]) => count === 0)).toEqual([]);
            return counts;
          },
          { timeoutMs: 45_000, everyMs: 1_000 },
        );
        console.log(counts.map(([panel, count]) => `${panel}: ${count} series`).join('\n'));
        expect(await prometheus.series('up == 0')).toBe(0);
      } finally {
        await prometheus.stop();
      }
    },
    90_000,
  );
});
