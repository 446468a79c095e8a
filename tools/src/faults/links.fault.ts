// Every way in which a network hurts, between each pair.
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import type { Stage } from './stage.ts';
import type { TcpProxy } from './tcp.proxy.ts';

const HURTS: readonly ((link: TcpProxy) => Promise<void>)[] = [
  async (link) => link.reset(),
  async (link) => link.halfOpen(),
  async (link) => {
    link.stall();
    await pause(12_000);
    link.flow();
  },
  async (link) => {
    link.latencyMs = 60;
    await pause(4_000);
    link.latencyMs = 0;
  },
  async (link) => {
    link.sliceBytes = 7;
    await pause(3_000);
    link.sliceBytes = Infinity;
  },
  async (link) => {
    await link.cut();
    await pause(6_000);
    await link.restore();
  },
];

const PAIRS: Readonly<Record<string, (stage: Stage) => TcpProxy>> = {
  'ledger-kafka': ({ links }) => links.ledger.kafka,
  'ledger-postgres': ({ links }) => links.ledger.postgres,
  'page-delivery-kafka': ({ links }) => links['page-delivery'].kafka,
  'page-delivery-postgres': ({ links }) => links['page-delivery'].postgres,
  'page-delivery-ledger': ({ toLedger }) => toLedger,
  'config-kafka': ({ links }) => links.config.kafka,
  'config-postgres': ({ links }) => links.config.postgres,
};

export const LINKS: readonly Fault[] = Object.entries(PAIRS).map(([pair, linkOf]) => ({
  name: `link-${pair}`,
  title: `between ${pair.replace(/-(\w+)$/, ' and $1')}: resets, half-open connections, a stall, latency, slicing, a cut`,
  strike: async (stage) => {
    for (const hurt of HURTS) {
      await hurt(linkOf(stage));
      await Promise.race([stage.load.more(25), pause(stage.healsWithinMs)]);
    }
  },
}));
