// `node dist/rebuild.js`: exit 0 where the read model made anew equals the live one, 1 where they differ.
import { tellRebuild } from '@vouchers/outcomes';
import { rebuildReadModel } from './rebuild/read-model.rebuild.ts';

const report = await rebuildReadModel({ LOG_LEVEL: 'warn', ...process.env });
process.exitCode = tellRebuild(report, 'The read model is');
