// `node dist/rebuild.js`: exit 0 where the read model made anew equals the live one, 1 where they differ.
import { rebuildReadModel } from './rebuild/read-model.rebuild.ts';

const { outcomes, differences } = await rebuildReadModel({ LOG_LEVEL: 'warn', ...process.env });
console.log(`${outcomes} outcomes read, ${differences.length} differences`);
for (const difference of differences) console.log(difference);
if (differences.length > 0) {
  console.log('The read model is the rebuilt one now.');
  process.exitCode = 1;
}
