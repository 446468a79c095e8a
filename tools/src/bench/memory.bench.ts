// memory: the ledger and the page-delivery that follows it, during millions of claims of different users.
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Figure } from './bench.ts';
import { fill } from './kafka.records.ts';
import { drain } from './ledger/drain.ts';
import { megabytes } from './process.meter.ts';
import { shown, spread } from './samples.ts';
import type { Stage } from './stage.ts';
import { publishVouchers } from './vouchers.ts';

const STALLED_MS = 60_000;

export const memory: Bench = {
  ids: ['memory'],
  async run(stage, { lasting }) {
    const namespace = stage.namespace('lasting');
    const config = await stage.services(namespace, ['config']);
    const voucherIds = await publishVouchers(stage, config.urls.config, 1);
    await config.stop();
    await fill(stage.infrastructure.brokers, { namespace, voucherIds, claims: lasting }, stage.say);
    const follower = await stage.services(namespace, ['page-delivery']);
    try {
      const beside = { 'page-delivery': follower.processIds()['page-delivery'] };
      const { residentBytes } = await drain(stage, { namespace, voucherIds, granted: lasting, beside });
      await expectFollowed(stage, namespace, lasting);
      return Object.entries(residentBytes).map(([name, bytes]) => figure(name, bytes, lasting));
    } finally {
      await follower.stop();
    }
  },
};

/** Waits until the read model holds every claim. */
async function expectFollowed(stage: Stage, namespace: string, claims: number): Promise<void> {
  const database = await stage.database(namespace, 'page-delivery');
  let [known, movedAt] = [-1, performance.now()];
  while (known < claims) {
    const { rows } = await database.query<{ count: number }>('SELECT count(*)::int AS count FROM claims');
    if (rows[0]!.count > known) [known, movedAt] = [rows[0]!.count, performance.now()];
    else if (performance.now() - movedAt > STALLED_MS)
      throw new Error(`the read model stands still at ${known} of ${claims} claims`);
    await pause(1_000, undefined, { signal: stage.lifetime.signal });
  }
  await database.end();
}

/** Leaves out the first sample, since the process has only begun to fill its caches. */
function figure(name: string, bytes: readonly number[], claims: number): Figure {
  const half = Math.ceil(bytes.length / 2);
  const [early, late] = [spread(bytes.slice(1, half)).median, spread(bytes.slice(half)).median];
  return {
    id: `memory ${name}`,
    what: `resident set of ${name} over ${shown(claims)} claims of one voucher by different users: second half ÷ first`,
    values: [late / early],
    ours: bytes.map(megabytes).join(', '),
    baseline: '',
  };
}
