// Throws the read model away and makes it again from the topics, also while services run: each batch is written with its
// position, so a service's projector and this one cannot both write it.
import { setTimeout as pause } from 'node:timers/promises';
import { endOffsets } from '@vouchers/messaging';
import { createLogger, Database, loadSettings, Readiness } from '@vouchers/service';
import { LedgerClient } from './ledger/ledger.client.ts';
import { PlatformKafka } from './messaging/platform.kafka.ts';
import { OutcomesProjector } from './read-model/outcomes.projector.ts';
import { READ_MODEL_DATABASE, ReadModel } from './read-model/read-model.ts';
import { PageDeliverySettings } from './settings.ts';

const EMPTY = {
  name: 'empty',
  text: 'TRUNCATE positions, vouchers, definitions_in_force, claims, redemptions, pushes',
};
const READ_TO = { name: 'read-to', text: 'SELECT partition, next_offset FROM positions' };

const settings = loadSettings(PageDeliverySettings);
const logger = createLogger(settings);
const readiness = new Readiness();
const database = new Database(settings, logger, READ_MODEL_DATABASE, readiness);
const platform = new PlatformKafka(settings, logger, readiness);
const readModel = new ReadModel(settings);
const projector = new OutcomesProjector(platform, settings, database, readModel, new LedgerClient(settings), readiness);

database.onApplicationBootstrap();
platform.onApplicationBootstrap();
await Promise.all([database.whenReady(), platform.whenReady()]);
const ends = await endOffsets(platform.kafka, settings.topics.outcomes);
await readModel.rows(EMPTY);
await projector.follow(settings.group(`rebuild.${platform.processId}`));
while (!(await isReadTo(ends))) await pause(200);
logger.info({ outcomes: ends.reduce((sum, end) => sum + Number(end), 0) }, 'the read model is made again');
await projector.onApplicationShutdown();
await Promise.all([
  platform.onApplicationShutdown(),
  readModel.onApplicationShutdown(),
  database.onApplicationShutdown(),
]);

async function isReadTo(offsets: bigint[]): Promise<boolean> {
  const rows = await readModel.rows<{ partition: number; next_offset: string }>(READ_TO);
  const readTo = new Map(rows.map(({ partition, next_offset }) => [partition, BigInt(next_offset)]));
  return offsets.every((end, partition) => (readTo.get(partition) ?? 0n) >= end);
}
