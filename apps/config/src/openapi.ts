import { printOpenApi } from '@vouchers/service';
import { ConfigModule } from './config.module.ts';
import { ConfigSettings } from './config.settings.ts';

await printOpenApi(ConfigModule, ConfigSettings);
