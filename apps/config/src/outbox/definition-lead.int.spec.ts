// A version that names a new attribute is published to the definitions some time before the submissions.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { VoucherSpecInput } from '@vouchers/contracts';
import { eventually } from '@vouchers/testing';
import { SPEC, startConfig, type RunningConfig } from '../../testing/config.service.ts';

const LEAD_MS = 1_500;

let config: RunningConfig;
beforeAll(async () => {
  config = await startConfig({ DEFINITION_LEAD_MS: String(LEAD_MS) });
  await config.pool.query(REMEMBER_LED);
}, 60_000);
afterAll(() => config.stop());

type Nodes = VoucherSpecInput['nodes'];
const put = (id: string, version: number, nodes: Nodes) =>
  config.call('PUT', `/v1/vouchers/${id}`, { ...SPEC, nodes }, { headers: { 'if-match': `"${version}"` } });
const unsent = async (): Promise<{ version: number; leads: boolean; defined: boolean }[]> =>
  (await config.pool.query('SELECT version, leads, defined_at IS NOT NULL AS defined FROM outbox ORDER BY id')).rows;

/** The voucher's versions that led. A trigger records them, since their rows leave the outbox. */
const led = async (id: string): Promise<number[]> =>
  (await config.pool.query('SELECT version FROM led WHERE key = $1', [id])).rows.map(({ version }) => version);
const REMEMBER_LED = `
  CREATE TABLE led (key text, version int);
  CREATE FUNCTION remember_led() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO led VALUES (NEW.key, NEW.version); RETURN NULL; END $$;
  CREATE TRIGGER led AFTER INSERT ON outbox FOR EACH ROW WHEN (NEW.leads) EXECUTE FUNCTION remember_led()`;

/**
 * Measures, for each version of a voucher, the time from its record in the definitions to its record in the
 * submissions, by Kafka's timestamps.
 */
async function leads(id: string): Promise<[version: number, ms: number][]> {
  const [defined, decided] = await Promise.all(
    (['definitions', 'submissions'] as const).map(async (topic) =>
      (await config.records(topic))
        .filter(({ key }) => key === id)
        .map(({ value, timestamp }) => ({ version: JSON.parse(String(value)).version as number, timestamp })),
    ),
  );
  return decided!.map(({ version, timestamp }) => [
    version,
    timestamp - defined!.find((one) => one.version === version)!.timestamp,
  ]);
}

describe('a version that names a new user attribute', () => {
  it.each<[string, Nodes]>([
    ['in its claim condition', { claim: { when: "user.tier == 'gold'" } }],
    ['in its use condition', { use: { when: "user['tier'] == 'gold'" } }],
    ['to record it at a claim', { claim: { record: ['tier'] } }],
    ['to record it at a use', { use: { record: ['tier'] } }],
  ])('%s waits between its topics, and so does the answer', async (_, nodes) => {
    const { id } = await config.create();
    const answer = await put(id, 1, nodes);
    expect([answer.status, answer.body.version]).toEqual([200, 2]);
    expect(await unsent()).toEqual([]);
    const [, [version, ms]] = (await leads(id)) as [unknown, [number, number]];
    expect(version).toBe(2);
    // Kafka's timestamps differ a little from the times of sending.
    expect(ms).toBeGreaterThanOrEqual(LEAD_MS - 100);
  });

  it('delays later versions of its voucher, and no other voucher', async () => {
    const [one, other] = await Promise.all([config.create({ nodes: { claim: { record: ['a'] } } }), config.create()]);
    const leading = put(one.id, 1, { claim: { record: ['a', 'b'] } });
    await eventually('the definitions have it', async () => (await unsent()).some(({ defined }) => defined));
    const behind = config.call('POST', `/v1/vouchers/${one.id}/publish`);
    expect((await put(other.id, 1, {})).status).toBe(200);
    expect(await unsent()).toContainEqual({ version: 2, leads: true, defined: true });
    expect([(await leading).status, (await behind).status]).toEqual([200, 200]);
    expect((await leads(one.id)).map(([version]) => version)).toEqual([1, 2, 3]);
  });

  it('is published with its lead after a crash and a restart', async () => {
    const { id } = await config.create();
    await config.close();
    await config.pool.query(
      `WITH v AS (UPDATE vouchers SET version = 2 WHERE id = $1 RETURNING *),
            o AS (INSERT INTO outbox (kind, key, version, leads) VALUES ('voucher', $1::text, 2, true))
       INSERT INTO voucher_versions SELECT id, 2, intent, team, spec, updated_by, updated_at, '[]' FROM v`,
      [id],
    );
    await config.restart();
    await eventually('nothing is unsent', async () => (await unsent()).length === 0);
    const [, [version, ms]] = (await leads(id)) as [unknown, [number, number]];
    expect(version).toBe(2);
    expect(ms).toBeGreaterThanOrEqual(LEAD_MS - 100);
  });
});

it('a first version, a step of its life, and an edit that names no new attribute do not lead', async () => {
  const nodes = { claim: { when: "user.tier == 'gold'", record: ['city'] } };
  const spec = { ...SPEC, nodes };
  const { body } = await config.call('POST', '/v1/vouchers/batch', { items: [spec, spec], publish: true });
  const { id } = body.items[0];
  await config.call('POST', `/v1/vouchers/${id}/pause`);
  expect((await put(id, 2, { ...nodes, use: { when: "user.city == 'Wien'" } })).status).toBe(200);
  expect((await leads(id)).map(([version]) => version)).toEqual([1, 2, 3]);
  expect(await led(id)).toEqual([]);
  await put(id, 3, { claim: { record: ['age'] } });
  expect(await led(id)).toEqual([4]);
});
