import { runService } from '@vouchers/service';
import { ConfigModule } from './config.module.ts';
import { ConfigSettings } from './config.settings.ts';

await runService(ConfigModule, ConfigSettings);
