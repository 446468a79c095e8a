// The main thread's side of the dry-run thread.
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { BackgroundThread, LOGGER } from '@vouchers/service';
import type { Logger } from 'pino';

/** As built, or as it lies under a test. */
const ENTRY = new URL(`./dry-run.worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

@Injectable()
export class DryRunThread extends BackgroundThread implements OnApplicationShutdown {
  constructor(@Inject(LOGGER) logger: Logger) {
    super(ENTRY, logger);
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }
}
