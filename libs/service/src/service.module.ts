import { Module, type DynamicModule, type Type } from '@nestjs/common';
import type { Logger } from 'pino';
import { CostlyWork } from './costly-work.ts';
import { LOGGER } from './logging.ts';
import { OperationsController } from './operations.controller.ts';
import { Readiness } from './readiness.ts';
import { ServiceSettings } from './settings.ts';
import { Tenancy } from './tenancy.ts';

/** Provides the settings (also by their own class), LOGGER, Tenancy, Readiness and CostlyWork to all parts of a service. */
@Module({})
export class ServiceModule {
  static with(settings: ServiceSettings, logger: Logger, feature: Type): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      imports: [feature],
      controllers: [OperationsController],
      providers: [
        { provide: ServiceSettings, useValue: settings },
        { provide: settings.constructor as Type, useValue: settings },
        { provide: LOGGER, useValue: logger },
        { provide: Tenancy, useValue: new Tenancy(settings.tenancy) },
        Readiness,
        CostlyWork,
      ],
      exports: [ServiceSettings, settings.constructor as Type, LOGGER, Tenancy, Readiness, CostlyWork],
    };
  }
}
