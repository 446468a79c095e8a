// `node dist/rebuild.js`: exit 0 where the read model made anew equals the live one, 1 where they differ.
import { createLogger, Database, loadSettings, Readiness } from '@vouchers/service';
import { LedgerClient } from './ledger/ledger.client.ts';
import { PlatformKafka } from './messaging/platform.kafka.ts';
import { OutcomesProjector } from './read-model/outcomes.projector.ts';
import { READ_MODEL_DATABASE, ReadModel } from './read-model/read-model.ts';
import { inSchema, ReadModelRebuild, SCHEMA } from './rebuild/read-model.rebuild.ts';
import { PageDeliverySettings } from './settings.ts';

const settings = loadSettings(PageDeliverySettings, { LOG_LEVEL: 'warn', ...process.env });
const logger = createLogger(settings);
const readiness = new Readiness();
const database = new Database(settings, logger, READ_MODEL_DATABASE, readiness);
const platform = new PlatformKafka(settings, logger, readiness);
const made = new ReadModel(
  loadSettings(PageDeliverySettings, { ...process.env, DATABASE_URL: inSchema(settings.databaseServer, SCHEMA) }),
);
const projector = new OutcomesProjector(platform, settings, database, made, new LedgerClient(settings), readiness);

database.onApplicationBootstrap();
platform.onApplicationBootstrap();
await Promise.all([database.whenReady(), platform.whenReady()]);
try {
  const { outcomes, differences } = await new ReadModelRebuild(settings, platform, projector, made).run();
  console.log(`${outcomes} outcomes read, ${differences.length} differences`);
  for (const difference of differences) console.log(difference);
  if (differences.length > 0) {
    console.log('The read model is the rebuilt one now; restart page-delivery, it still remembers the other.');
    process.exitCode = 1;
  }
} finally {
  await Promise.all([platform.onApplicationShutdown(), made.onApplicationShutdown(), database.onApplicationShutdown()]);
}
