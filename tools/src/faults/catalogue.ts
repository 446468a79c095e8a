// All faults, in the order in which they run.
import { CLOCK_OFF } from './clock-off.fault.ts';
import { COMMIT_ANSWER_LOST } from './commit-answer-lost.fault.ts';
import { DATABASE_REFUSES } from './database-refuses.fault.ts';
import { DISK_FULL } from './disk-full.fault.ts';
import { DUE_AT_ONCE } from './due-at-once.fault.ts';
import { OFFERS_AT_ONCE } from './offers-at-once.fault.ts';
import { ORDERS_AT_ONCE } from './orders-at-once.fault.ts';
import type { Fault } from './fault.ts';
import { FORGED_RECORDS } from './forged.fault.ts';
import { FORMER_OWNER } from './former-owner.fault.ts';
import { GARBAGE_IN_TOPICS } from './garbage.fault.ts';
import { KAFKA_FORGETS } from './kafka-forgets.fault.ts';
import { LEDGER_KILLED } from './ledger-killed.fault.ts';
import { LINKS } from './links.fault.ts';
import { LOG_AND_TABLES } from './log-and-tables.fault.ts';
import { ROGUE_WRITER } from './rogue-writer.fault.ts';
import { SERVERS_KILLED } from './servers-killed.fault.ts';
import { SERVICES_REPLACED } from './services-replaced.fault.ts';
import { SIMULATIONS } from './simulations.fault.ts';
import { STARTS_WITHOUT } from './starts-without.fault.ts';
import { STRANGE_RECORDS } from './strange-records.fault.ts';
import { UPGRADED } from './upgraded.fault.ts';
import { UNWRITABLE_IN_FOLLOWERS } from './unwritable-followers.fault.ts';
import { QUARANTINE_RESTORED, UNWRITABLE } from './unwritable.fault.ts';

const STAGED: readonly Fault[] = [
  ...LEDGER_KILLED,
  COMMIT_ANSWER_LOST,
  ...FORMER_OWNER,
  ...SERVICES_REPLACED,
  ...UPGRADED,
  ...LINKS,
  ...STARTS_WITHOUT,
  ...DATABASE_REFUSES,
  ...STRANGE_RECORDS,
  FORGED_RECORDS,
  ...UNWRITABLE,
  ...UNWRITABLE_IN_FOLLOWERS,
  GARBAGE_IN_TOPICS,
  CLOCK_OFF,
  ...KAFKA_FORGETS,
  ROGUE_WRITER,
  ...SERVERS_KILLED,
  ...DISK_FULL,
  ...LOG_AND_TABLES,
  QUARANTINE_RESTORED,
];

/** Faults that ruin a platform come last. Just before them come the faults after which each audit takes minutes. */
export const FAULTS: readonly Fault[] = [
  ...STAGED.filter(({ ruins }) => !ruins),
  DUE_AT_ONCE,
  OFFERS_AT_ONCE,
  ORDERS_AT_ONCE,
  SIMULATIONS,
  ...STAGED.filter(({ ruins }) => ruins),
];

/** These faults, in the order of the catalogue. Throws if a name is unknown. */
export function faultsNamed(names: readonly string[]): Fault[] {
  const unknown = names.filter((name) => !FAULTS.some((fault) => fault.name === name));
  if (unknown.length > 0)
    throw new Error(`no fault is called ${unknown.join(', ')}: there are ${FAULTS.map(({ name }) => name).join(', ')}`);
  return FAULTS.filter(({ name }) => names.length === 0 || names.includes(name));
}
