// Each service starts while something that it needs is away. It waits, and becomes ready by itself when that returns.
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_NAMES, SERVICES, type ServiceName } from '@vouchers/contracts';
import { asAdmin } from './evidence.ts';
import type { Fault } from './fault.ts';
import { comesTrue } from './patience.ts';
import type { Replica, Stage } from './stage.ts';

const AWAY_MS = 60_000;
/** The time in which another member takes over a member's partitions. */
const ASSIGNED_WITHIN_MS = 40_000;
/** Time for attempts that must fail. */
const IN_VAIN_MS = 3_000;

/** Takes it away. @returns a function that brings it back */
type Leave = (stage: Stage) => Promise<() => Promise<void>>;

const cut =
  (kind: 'kafka' | 'postgres'): Leave =>
  async (stage) => {
    const proxies = SERVICE_NAMES.map((name) => stage.links[name][kind]);
    await Promise.all(proxies.map((proxy) => proxy.cut()));
    return async () => void (await Promise.all(proxies.map((proxy) => proxy.restore())));
  };

const AWAY: readonly [name: string, title: string, leave: Leave][] = [
  ['postgres', 'Postgres', cut('postgres')],
  ['kafka', 'Kafka', cut('kafka')],
  [
    'issuer',
    'the issuer of tokens',
    async ({ issuer }) => {
      await issuer.stop();
      return () => issuer.startAgain();
    },
  ],
];

const STARTS: readonly Fault[] = AWAY.map(([name, title, leave]) => ({
  name: `starts-without-${name}`,
  title: `each service is started while ${title} is away, which comes back ${AWAY_MS / 1_000} s later`,
  inject: async (stage) => {
    const { services, load } = stage;
    await Promise.all(SERVICE_NAMES.map((service) => services.kill(service, 'SIGTERM')));
    const comesBack = await leave(stage);
    const starting = Promise.all(SERVICE_NAMES.map((service) => services.restart(service)));
    // A service that gives up is noticed at once. If it becomes ready without it, the pause still passes.
    await Promise.race([starting.then(() => pause(AWAY_MS)), pause(AWAY_MS)]);
    await comesBack();
    await starting;
    await load.more(30);
  },
}));

/** Waits until Kafka has assigned all partitions to the remaining process. */
async function hasOneMember({ brokers }: Stage, group: string): Promise<void> {
  await asAdmin(brokers, async (admin) => {
    const has = await comesTrue(ASSIGNED_WITHIN_MS, async () => {
      const [described] = (await admin.describeGroups([group])).groups;
      return described!.state === 'Stable' && described!.members.length === 1;
    });
    if (!has) throw new Error(`${group} has not come to one member within ${ASSIGNED_WITHIN_MS / 1_000} s`);
  });
}

/** One of two processes loses Postgres. Then the other one leaves, and the first is assigned its partitions. */
async function assignedWithoutPostgres(stage: Stage, service: ServiceName): Promise<void> {
  const other: Replica = await stage.replica(service);
  await other.process.ready();
  const { postgres } = stage.links[service];
  await postgres.cut();
  await other.process.kill('SIGTERM');
  await hasOneMember(stage, [stage.options.namespace, service, SERVICES[service].group].filter(Boolean).join('.'));
  await pause(IN_VAIN_MS);
  await postgres.restore();
  await stage.load.more(30);
}

const ASSIGNED: readonly Fault[] = SERVICE_NAMES.map((service) => ({
  name: `assigned-without-postgres-${service}`,
  title: `Postgres is away when ${service} is assigned partitions: all is published afterwards`,
  inject: (stage) => assignedWithoutPostgres(stage, service),
}));

export const STARTS_WITHOUT: readonly Fault[] = [...STARTS, ...ASSIGNED];
