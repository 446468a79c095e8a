import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { LOGGER, persistently, startService } from '@vouchers/service';
import type { Logger } from 'pino';
import { SubmissionsStrategy } from './deciding/submissions.strategy.ts';
import { HeadsPublisher } from './heads/heads.publisher.ts';
import { CheckpointsThinning } from './history/checkpoints.thinning.ts';
import { LedgerConnections } from './ledger.connections.ts';
import { LedgerModule } from './ledger.module.ts';
import type { LedgerSettings } from './ledger.settings.ts';
import { SimulationsCleaner } from './simulations/simulations.cleaner.ts';
import { SimulationsRunner } from './simulations/simulations.runner.ts';

/**
 * Starts the service. HTTP answers at once (alive, not ready). Submissions are read when Postgres and Kafka are there.
 */
export async function startLedger(settings: LedgerSettings): Promise<NestFastifyApplication> {
  const app = await startService(LedgerModule, settings);
  const logger = app.get<Logger>(LOGGER);
  readSubmissions(app, logger).catch((error: Error) => {
    if (!app.get(LedgerConnections).stopping.aborted) logger.error(error, 'submissions are not read');
  });
  return app;
}

async function readSubmissions(app: NestFastifyApplication, logger: Logger): Promise<void> {
  const connections = app.get(LedgerConnections);
  await connections.prepare();
  await persistently(() => connections.store.chainAll(), {
    name: 'Postgres',
    logger,
    signal: connections.stopping,
  });
  app.get(CheckpointsThinning).start();
  app.get(SimulationsCleaner).start();
  app.get(SimulationsRunner).start();
  app.connectMicroservice({ strategy: app.get(SubmissionsStrategy) });
  await persistently(() => app.startAllMicroservices(), {
    name: 'the submissions',
    logger,
    signal: connections.stopping,
  });
  app.get(HeadsPublisher).start();
}
