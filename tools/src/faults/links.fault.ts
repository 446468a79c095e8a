// Every kind of network failure, on each connection.
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_NAMES } from '@vouchers/contracts';
import type { Fault } from './fault.ts';
import { endsWithin } from './patience.ts';
import type { Stage } from './stage.ts';
import type { TcpProxy } from './tcp.proxy.ts';

const HURTS: Readonly<Record<string, (link: TcpProxy) => Promise<void>>> = {
  resets: async (link) => link.reset(),
  'half-open connections': async (link) => link.halfOpen(),
  'a stall': async (link) => {
    link.stall();
    await pause(12_000);
    link.flow();
  },
  latency: async (link) => {
    link.latencyMs = 60;
    await pause(4_000);
    link.latencyMs = 0;
  },
  slicing: async (link) => {
    link.sliceBytes = 7;
    await pause(3_000);
    link.sliceBytes = Infinity;
  },
  'a cut': async (link) => {
    await link.cut();
    await pause(6_000);
    await link.restore();
  },
};
/** The longest time that any of them may have effects: hanging requests are repeated on another connection. */
const HEALS_WITHIN_MS = 45_000;

const PAIRS: Readonly<Record<string, (stage: Stage) => TcpProxy>> = {
  ...Object.fromEntries(
    SERVICE_NAMES.flatMap((name) =>
      (['kafka', 'postgres'] as const).map((kind) => [`${name}-${kind}`, ({ links }: Stage) => links[name][kind]]),
    ),
  ),
  'page-delivery-ledger': ({ toLedger }) => toLedger,
};

export const LINKS: readonly Fault[] = Object.entries(PAIRS).map(([pair, linkOf]) => ({
  name: `link-${pair}`,
  title: `between ${pair.replace(/-(\w+)$/, ' and $1')}: ${Object.keys(HURTS).join(', ')}`,
  inject: async (stage) => {
    const faults: string[] = [];
    const within = Math.min(HEALS_WITHIN_MS, stage.healsWithinMs);
    for (const [name, hurt] of Object.entries(HURTS)) {
      await hurt(linkOf(stage));
      if (!(await endsWithin(within, stage.load.more(25))))
        faults.push(`I8: after ${name}, hardly anything was decided within ${within / 1_000} s`);
    }
    return faults;
  },
}));
