// `node dist/rebuild.js` exits with 0 if the rebuilt read model equals the live one, and with 1 if they differ.
import { tellRebuild } from '@vouchers/outcomes';
import { rebuildReadModel } from './rebuild/read-model.rebuild.ts';

const report = await rebuildReadModel({ LOG_LEVEL: 'warn', ...process.env });
process.exitCode = tellRebuild(report, 'The read model is');
