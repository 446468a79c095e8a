// P8: the cost of services that nobody calls.
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_NAMES } from '@vouchers/contracts';
import type { Bench } from './bench.ts';
import { CpuMeter } from './process.meter.ts';
import { alternate } from './samples.ts';
import { publishPage, publishVouchers } from './vouchers.ts';

const VOUCHERS = 100;
const SETTLING_MS = 10_000;
const LOOK_MS = 15_000;

export const idle: Bench = {
  ids: ['P8'],
  async run(stage, { rounds }) {
    const services = await stage.services(stage.namespace('idle'), SERVICE_NAMES);
    const { signal } = stage.lifetime;
    try {
      const vouchers = await publishVouchers(stage, services.urls.config, VOUCHERS);
      await publishPage(stage, services.urls.config, 'idle', vouchers);
      await pause(SETTLING_MS, undefined, { signal });
      const { looks } = await alternate(rounds, {
        looks: async () => {
          const meter = new CpuMeter(services.processIds());
          await pause(LOOK_MS, undefined, { signal });
          const { wallSeconds, seconds } = meter.stop();
          return Object.fromEntries(SERVICE_NAMES.map((name) => [name, (100 * (seconds[name] ?? NaN)) / wallSeconds]));
        },
      });
      const most = (name: string): string => Math.max(...looks.map((look) => look[name]!)).toFixed(2);
      return [
        {
          id: 'P8',
          what: `idle, ${VOUCHERS} vouchers published: the busiest service, over ${LOOK_MS / 1_000} s`,
          values: looks.map((look) => Math.max(...Object.values(look))),
          unit: '% of a core',
          goal: { sense: 'at most', target: 1, stretch: 0.2 },
          ours: SERVICE_NAMES.map((name) => `${name} at most ${most(name)} %`).join(', '),
          baseline: '',
        },
      ];
    } finally {
      await services.stop();
    }
  },
};
