import { printOpenApi } from '@vouchers/service';
import { PageDeliveryModule } from './page-delivery.module.ts';
import { PageDeliverySettings } from './settings.ts';

await printOpenApi(PageDeliveryModule, PageDeliverySettings);
