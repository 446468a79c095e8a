// Processes that die, or that other processes replace.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_NAMES } from '@vouchers/contracts';
import type { Fault } from './fault.ts';
import { publishing, SPECS } from './load.ts';
import { produceTo } from './seen.ts';
import type { Replica } from './stage.ts';

const PAGE_DELIVERY_KILLED: Fault = {
  name: 'page-delivery-killed',
  title: 'kill -9 of page-delivery, three times',
  inject: async ({ services, load, random }) => {
    for (let time = 0; time < 3; time += 1) {
      await pause(random.from(100, 800));
      await services.kill('page-delivery');
      await services.restart('page-delivery');
      await load.more(20);
    }
  },
};

const CONFIG_KILLED: Fault = {
  name: 'config-killed',
  title: 'kill -9 of config after a version is committed and half published, or not published yet; twice',
  inject: async (stage) => {
    const { services, load, links, topics } = stage;
    for (const topic of [topics.definitions, topics.submissions]) {
      // A voucher that is not edited later, since its next version would also publish this one.
      const name = `unsent ${randomUUID()}`;
      const produces = produceTo(topic);
      const holding = links.config.kafka.hold('asks', (bytes) => produces(bytes) && bytes.includes(name));
      const sending = stage.account.send(publishing({ ...SPECS[0]!, name }));
      const held = await holding;
      await services.kill('config');
      held.drop();
      await sending;
      await services.restart('config');
      await load.more(20);
    }
  },
};

export const SERVICES_REPLACED: readonly Fault[] = [
  PAGE_DELIVERY_KILLED,
  CONFIG_KILLED,
  {
    name: 'ledger-replicas',
    title: 'one ledger, then three, then one, every 5 s; twice',
    inject: async (stage) => {
      for (let time = 0; time < 2; time += 1) {
        const replicas: Replica[] = [await stage.replica('ledger'), await stage.replica('ledger')];
        await pause(5_000);
        await replicas[0]!.process.kill('SIGTERM');
        await replicas[1]!.process.kill('SIGKILL');
        await pause(5_000);
      }
    },
  },
  {
    name: 'rolling-upgrade',
    title: 'each process in turn is replaced while a second one of its service runs, and replaced back',
    inject: async (stage) => {
      for (const service of SERVICE_NAMES) {
        const next = await stage.replica(service);
        await next.process.ready();
        await stage.services.kill(service, 'SIGTERM');
        await pause(1_000);
        await stage.services.restart(service);
        await next.process.kill('SIGTERM');
        await stage.load.more(20);
      }
    },
  },
];
