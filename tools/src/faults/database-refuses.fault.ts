// A database refuses all writes for a minute. No record is the cause, so none may be set aside.
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICE_NAMES, type ServiceName } from '@vouchers/contracts';
import { databaseName } from '../infrastructure/databases.ts';
import { topicEnds } from './evidence.ts';
import type { Fault } from './fault.ts';
import { runStatements } from './operator.ts';
import type { Stage } from './stage.ts';

const REFUSED_MS = 60_000;
/** The ledger's database refuses this much later and longer. So the followers have outcomes meanwhile. */
const LATER_MS = 15_000;

const CODES: readonly [code: string, what: string][] = [
  ['53100', 'disk full'],
  ['57014', 'canceled'],
  ['57P01', 'shutting down'],
  ['25006', 'read only'],
];

const refusing = (code: string): string[] => [
  `CREATE FUNCTION refuse_writes() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN RAISE EXCEPTION 'no writes now' USING ERRCODE = '${code}'; END $$`,
  `DO $$ DECLARE name text; BEGIN
     FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
       EXECUTE format('CREATE TRIGGER refuse_writes BEFORE INSERT OR UPDATE OR DELETE ON %I
         FOR EACH STATEMENT EXECUTE FUNCTION refuse_writes()', name);
     END LOOP;
   END $$`,
];
const TAKING_AGAIN = 'DROP FUNCTION refuse_writes CASCADE';

/** The setting affects only new sessions, so present ones are ended. */
const readOnly = (name: string, is: boolean): string[] => [
  is ? `ALTER DATABASE ${name} SET default_transaction_read_only = on` : `ALTER DATABASE ${name} RESET ALL`,
  `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}' AND pid <> pg_backend_pid()`,
];

async function refuse(stage: Stage, service: ServiceName, code: string, forMs: number): Promise<void> {
  const name = databaseName(stage.options.namespace, service);
  const url = stage.databaseUrl(service);
  const [begin, end] =
    code === '25006' ? [readOnly(name, true), readOnly(name, false)] : [refusing(code), [TAKING_AGAIN]];
  await runStatements(url, ...begin);
  await pause(forMs);
  await runStatements(url, ...end);
}

export const DATABASE_REFUSES: readonly Fault[] = CODES.map(([code, what]) => ({
  name: `database-refuses-${code}`,
  title: `each service's database refuses writes for a minute by ${code} (${what}): nothing is set aside`,
  inject: async (stage) => {
    const { load, brokers, topics, services } = stage;
    const before = await topicEnds(brokers, topics.quarantine);
    await Promise.all(
      SERVICE_NAMES.map(async (service) => {
        if (service === 'ledger') await pause(LATER_MS);
        await refuse(stage, service, code, REFUSED_MS);
      }),
    );
    await services.ready(stage.healsWithinMs);
    await load.more(30);
    const after = await topicEnds(brokers, topics.quarantine);
    return after.some((end, partition) => end > before[partition]!) ? [`aside: a record is in the quarantine`] : [];
  },
}));
