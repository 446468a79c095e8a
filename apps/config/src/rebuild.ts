// `node dist/rebuild.js`: exit 0 where what node rules did equals what the outcomes say, 1 where they differ.
import { tellRebuild } from '@vouchers/outcomes';
import { loadSettings } from '@vouchers/service';
import { ConfigSettings } from './config.settings.ts';
import { rebuildLives } from './outcomes/life.rebuild.ts';

const report = await rebuildLives(loadSettings(ConfigSettings, { LOG_LEVEL: 'warn', ...process.env }));
process.exitCode = tellRebuild(report, 'What node rules did is');
