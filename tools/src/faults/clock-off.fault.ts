// Clocks that are an hour off. Events must have the broker's time.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HEADERS, type ServiceName } from '@vouchers/contracts';
import { ledgerSnapshot } from './evidence.ts';
import type { Fault } from './fault.ts';
import { endsWithin } from './patience.ts';
import { submissions } from './records.ts';
import type { Stage } from './stage.ts';

const HOUR_MS = 3_600_000;
/** The tolerance of semantics.md. It also covers that the time of a voucher never goes back. */
const TOLERATED_MS = 10_000;
const SHIFT = pathToFileURL(join(import.meta.dirname, 'clock-shift.mjs')).href;

async function shifted(stage: Stage, service: ServiceName, shiftMs: number): Promise<void> {
  const { services, load } = stage;
  await services.kill(service, 'SIGTERM');
  const port = Number(new URL(services.urls[service]).port);
  const environment = { CLOCK_SHIFT_MS: String(shiftMs), NODE_OPTIONS: `--import=${SHIFT}` };
  const replica = await stage.replica(service, { port, environment });
  await replica.process.ready();
  await endsWithin(15_000, load.more(30));
  await replica.process.kill('SIGTERM');
  await services.restart(service);
  await load.more(10);
}

export const CLOCK_OFF: Fault = {
  name: 'clocks-off',
  title: 'the clock of page-delivery, then of the ledger, is an hour ahead, then behind: events have the broker’s time',
  inject: async (stage) => {
    const before = await ledgerSnapshot(stage.databaseUrl('ledger'));
    for (const service of ['page-delivery', 'ledger'] as const)
      for (const shiftMs of [HOUR_MS, -HOUR_MS]) await shifted(stage, service, shiftMs);
    // If a submission was sent more than once, the first record counts.
    const brokerTime = new Map<string | undefined, number>();
    for (const { headers, timestamp } of (await submissions(stage)).reverse())
      brokerTime.set(headers[HEADERS.submissionId], timestamp);
    const { events } = await ledgerSnapshot(stage.databaseUrl('ledger'));
    const known = new Set(before.events.map(({ partition, seq }) => `${partition}:${seq}`));
    return events.flatMap(({ partition, seq, submissionId, type, data }) => {
      const sent = submissionId === null ? undefined : brokerTime.get(submissionId);
      if (sent === undefined || known.has(`${partition}:${seq}`)) return [];
      const off = Math.abs(Date.parse(data.at) - sent);
      return off <= TOLERATED_MS ? [] : [`time: ${partition}:${seq} ${type} is ${off} ms off its broker time`];
    });
  },
};
