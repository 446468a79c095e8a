// The release before is replaced by this one, service by service, while clients go on. Needs its built checkout.
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceName, VoucherSpecInput } from '@vouchers/contracts';
import type { NewRequest } from './account.ts';
import type { Fault } from './fault.ts';
import { runCommand } from './operator.ts';
import type { Stage } from './stage.ts';

/** Names the folder of a built checkout of the release before. */
const FORMER = 'FORMER_BUILD';
/** A request ends within this time, however it ends. */
const UNDER_WAY_MS = 3_500;
const DECISIONS_BETWEEN = 60;
const POOL: VoucherSpecInput = {
  name: 'new in this release',
  resourceType: 'coupon',
  windows: { timeZone: 'UTC', valid: { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' } },
  quantities: { claim: 1 },
  waitingList: {},
};

/** @param order the last two may use what is new as soon as both are replaced */
const upgraded = (name: string, title: string, order: readonly ServiceName[]): Fault => ({
  name,
  title,
  former: () => process.env[FORMER] || undefined,
  unavailable: () => (process.env[FORMER] ? undefined : `${FORMER} names no built checkout of the release before`),
  inject: async (stage) => {
    const { services, load } = stage;
    await services.migrate();
    await load.more(DECISIONS_BETWEEN);
    for (const service of order.slice(0, 2)) {
      await replace(stage, service);
      await load.more(DECISIONS_BETWEEN);
    }
    const isEarly = order[2] === 'ledger';
    // A ledger of the release before must not decide it. It waits for one of this release.
    const early = isEarly ? await stage.publish(POOL) : [];
    await replace(stage, order[2]!);
    await load.more(DECISIONS_BETWEEN);
    const made = [...early, ...(await stage.publish(POOL))];
    const faults = await Promise.all(made.map(({ id }) => offers(stage, id)));
    const audit = await runCommand(stage, 'ledger', 'audit');
    return [
      ...unanswered(stage),
      ...faults.flat(),
      ...(audit.code === 0 ? [] : [`the audit ended with ${audit.code}: ${audit.output.slice(-500)}`]),
    ];
  },
});

/** Starts a process of this build, moves the clients to it, and ends the one of the release before; then back. */
async function replace(stage: Stage, service: ServiceName): Promise<void> {
  const { services, account, toLedger } = stage;
  const next = await stage.replica(service);
  await next.process.ready();
  const moveTo = async (url: string): Promise<void> => {
    if (service === 'ledger') toLedger.aim({ host: 'localhost', port: Number(new URL(url).port) });
    if (service === 'config' || service === 'page-delivery') account.redirect(service, url);
    await pause(UNDER_WAY_MS);
  };
  await moveTo(next.process.url);
  await services.kill(service, 'SIGTERM');
  await services.upgrade(service);
  await moveTo(services.urls[service]);
  await next.process.kill('SIGTERM');
}

/** Answers that are no decision, though nothing failed. */
function unanswered({ account }: Stage): string[] {
  return account.requests.flatMap(({ method, path, answers }) =>
    answers
      .filter(({ status }) => status === 0 || status >= 500)
      .map(({ status }) => `${method} ${path} was answered ${status}`),
  );
}

/** Has a unit come back for one who waits. */
async function offers(stage: Stage, id: string): Promise<string[]> {
  let made = 0;
  const ask = (userId: string, method: string, path: string, body?: object) => {
    const request: NewRequest = { service: 'page-delivery', method, path, userId, key: `${id}-${(made += 1)}` };
    return stage.settle(body ? { ...request, body } : request);
  };
  const claimed = await ask('first', 'POST', `/v1/vouchers/${id}/claims`, {});
  const joined = await ask('second', 'PUT', `/v1/vouchers/${id}/waiting-list-entry`, {});
  const released = await ask('first', 'DELETE', `/v1/claims/${claimed.body?.id}`);
  const third = await ask('third', 'POST', `/v1/vouchers/${id}/claims`, {});
  const second = await ask('second', 'POST', `/v1/vouchers/${id}/claims`, {});
  const got = [claimed, joined, released, third, second].map(({ status }) => status).join(' ');
  return got === '201 201 200 409 201' ? [] : [`a unit that came back: ${got}`];
}

export const UPGRADED: readonly Fault[] = [
  upgraded('upgraded-ledger-first', 'the release before is replaced: ledger, page-delivery, config', [
    'ledger',
    'page-delivery',
    'config',
  ]),
  upgraded('upgraded-ledger-last', 'the release before is replaced: config, page-delivery, ledger', [
    'config',
    'page-delivery',
    'ledger',
  ]),
];
