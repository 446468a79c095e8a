import { runService, startService } from '@vouchers/service';
import { PageDeliveryModule } from './page-delivery.module.ts';
import { PageDeliverySettings } from './settings.ts';

await runService(PageDeliverySettings, (settings) => startService(PageDeliveryModule, settings));
