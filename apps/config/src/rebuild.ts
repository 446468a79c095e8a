// `node dist/rebuild.js` exits with 0 if the flags of all vouchers equal the outcomes, and with 1 if some differ.
import { tellRebuild } from '@vouchers/outcomes';
import { loadSettings } from '@vouchers/service';
import { ConfigSettings } from './config.settings.ts';
import { rebuildLives } from './outcomes/life.rebuild.ts';

const report = await rebuildLives(loadSettings(ConfigSettings, { LOG_LEVEL: 'warn', ...process.env }));
process.exitCode = tellRebuild(report, 'What node rules did is');
