import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventType } from '@vouchers/contracts';
import { cloudEvent, partitionOfKey, Producer } from '@vouchers/messaging';
import { eventually } from '@vouchers/testing';
import { SPEC, startConfig, type RunningConfig } from '../../testing/config.service.ts';

let config: RunningConfig;
let ledger: Producer;
const sequences = new Map<number, number>();
beforeAll(async () => {
  config = await startConfig();
  ledger = new Producer(config.kafka);
  await ledger.connect();
}, 60_000);
afterAll(async () => {
  await ledger.disconnect();
  await config.stop();
});

async function publish(type: EventType, voucherId: string, sequence?: number): Promise<void> {
  const partition = partitionOfKey(voucherId, config.settings.partitions);
  const next = sequence ?? (sequences.get(partition) ?? 0) + 1;
  if (sequence === undefined) sequences.set(partition, next);
  const headers = cloudEvent({
    id: `${partition}-${next}`,
    type,
    source: '/ledger',
    time: new Date().toISOString(),
    subject: voucherId,
    partition,
    sequence: next,
  });
  await ledger.send([{ topic: config.settings.topics.outcomes, partition, key: voucherId, value: '{}', headers }]);
}

const state = async (id: string): Promise<string> => (await config.call('GET', `/v1/vouchers/${id}`)).body.state;

async function position(partition: number): Promise<number> {
  const { rows } = await config.pool.query('SELECT next_seq FROM outcome_positions WHERE partition = $1', [partition]);
  return Number(rows[0]?.next_seq);
}

describe('the ledger’s node rules', () => {
  it('set the state: enabled, enabled again after a pause, terminated for good', async () => {
    const { id } = await config.create();
    await config.call('POST', `/v1/vouchers/${id}/publish`);
    await publish('voucher.enabled.v1', id);
    await eventually('it is enabled', async () => (await state(id)) === 'enabled');
    expect((await config.call('POST', `/v1/vouchers/${id}/pause`)).body.state).toBe('paused');
    expect((await config.call('POST', `/v1/vouchers/${id}/resume`)).body.state).toBe('enabled');
    await publish('voucher.terminated.v1', id);
    await eventually('it is terminated', async () => (await state(id)) === 'terminated');
    expect(await config.call('PUT', `/v1/vouchers/${id}`, SPEC, { headers: { 'if-match': '"4"' } })).toMatchObject({
      status: 409,
      body: { reason: 'terminated' },
    });
    expect(await config.call('POST', `/v1/vouchers/${id}/resume`)).toMatchObject({
      status: 409,
      body: { reason: 'terminated' },
    });
    expect(
      (await config.call('GET', '/v1/vouchers?state=terminated')).body.items.map((item: { id: string }) => item.id),
    ).toContain(id);
  });

  it('have the same result after a restart, and an event that was read before is dropped', async () => {
    const { id } = await config.create();
    await config.call('POST', `/v1/vouchers/${id}/publish`);
    await publish('voucher.enabled.v1', id);
    await eventually('it is enabled', async () => (await state(id)) === 'enabled');
    await config.restart();
    const partition = partitionOfKey(id, config.settings.partitions);
    await publish('voucher.terminated.v1', id, sequences.get(partition));
    await publish('voucher.enabled.v1', id);
    await eventually('all is read', async () => (await position(partition)) === sequences.get(partition)! + 1);
    expect(await state(id)).toBe('enabled');
  });

  it('are not followed past a hole in the sequence, and config is not ready', async () => {
    const { id } = await config.create();
    await publish('voucher.enabled.v1', id);
    await publish('voucher.terminated.v1', id, 1_000);
    await eventually(
      'config is not ready',
      async () => (await config.call('GET', '/health/ready')).body.checks.outcomes !== 'ok',
    );
    expect(await state(id)).not.toBe('terminated');
  });
});
