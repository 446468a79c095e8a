// `node dist/rebuild.js` exits with 0 if the rebuilt projections equal the live ones, and with 1 if they differ.
import { loadSettings } from '@vouchers/service';
import { LedgerSettings } from './ledger.settings.ts';
import { rebuild } from './rebuild/rebuild.ts';

const began = performance.now();
const { events, differences } = await rebuild(loadSettings(LedgerSettings).ownerUrl);
const rate = Math.round((events * 1_000) / (performance.now() - began));
console.log(`${events} events replayed (${rate}/s), ${differences.length} differences`);
for (const difference of differences) console.log(difference);
if (differences.length > 0) {
  console.log('The projections are the rebuilt ones now, and running ledgers have forgotten the others.');
  process.exitCode = 1;
}
