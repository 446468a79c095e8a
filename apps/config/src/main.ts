import { runService, startService } from '@vouchers/service';
import { ConfigModule } from './config.module.ts';
import { ConfigSettings } from './config.settings.ts';

await runService(ConfigSettings, (settings) => startService(ConfigModule, settings));
