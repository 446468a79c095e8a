// Postgres refuses an event of a follower for ever (54000). Its voucher is parked, and the others go on. When the cause
// is gone, a retry repairs the voucher.
import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@vouchers/contracts';
import { rowsOf } from './evidence.ts';
import type { Fault } from './fault.ts';
import { SPECS } from './load.ts';
import { runCommand, runStatements } from './operator.ts';
import { comesTrue } from './patience.ts';
import type { Stage } from './stage.ts';
import { MARK, refusing, TAKING_AGAIN } from './unwritable.fault.ts';

async function until({ healsWithinMs }: Stage, what: string, probe: () => Promise<boolean>): Promise<string[]> {
  return (await comesTrue(healsWithinMs, probe)) ? [] : [`parked: ${what}: not within ${healsWithinMs / 1_000} s`];
}

async function published(stage: Stage, name: string): Promise<string> {
  const [voucher] = await stage.publish({ ...SPECS[1]!, name });
  return voucher!.id;
}

/** The service is still ready, and names the parked voucher. */
async function isParked(stage: Stage, service: ServiceName, voucherId: string): Promise<boolean> {
  const answer = await fetch(`${stage.services.urls[service]}/health/ready`);
  return answer.status === 200 && (await answer.text()).includes(voucherId);
}

/** The voucher is parked and others go on. Then Postgres accepts its event again, and a retry repairs it. */
async function parkedAndWhole(
  stage: Stage,
  service: ServiceName,
  { voucherId, whileParked, whole }: Record<'whileParked' | 'whole', () => Promise<boolean>> & { voucherId: string },
): Promise<string[]> {
  const parked = await until(stage, `${service} names the voucher as parked`, () =>
    isParked(stage, service, voucherId),
  );
  const said = await until(stage, `${service} says what it does not know`, whileParked);
  await stage.load.more(30);
  await runStatements(stage.databaseUrl(service), TAKING_AGAIN);
  const retried = await runCommand(stage, service, 'parked', 'retry', voucherId, '--by', 'faults');
  const failed = retried.code === 0 ? [] : [`parked: the retry was in vain (${retried.code}): ${retried.output}`];
  const healed = await until(stage, `${service} has it whole`, async () => {
    return (await whole()) && !(await isParked(stage, service, voucherId));
  });
  return [...parked, ...said, ...failed, ...healed];
}

const IN_READ_MODEL: Fault = {
  name: 'unwritable-page-delivery',
  title: 'page-delivery’s Postgres refuses a claim for ever by 54000: its voucher is parked, a retry repairs it',
  inject: async (stage) => {
    const [voucherId, userId] = [await published(stage, 'to be parked'), `${MARK}${randomUUID()}`];
    const marked = `NEW.user_id LIKE '${MARK}%'`;
    const readModel = stage.databaseUrl('page-delivery');
    for (const table of ['claims', 'pushes']) await runStatements(readModel, ...refusing(table, marked));
    // Writes go on: the ledger grants the claim, and the waiting request is answered.
    const answer = await stage.settle({
      service: 'page-delivery',
      method: 'POST',
      path: `/v1/vouchers/${voucherId}/claims`,
      userId,
      key: `parked-${voucherId}`,
    });
    const granted = answer.status === 201 ? [] : [`parked: the claim was answered ${answer.status}`];
    const claim = `/v1/claims/${answer.body?.id}`;
    const found = await parkedAndWhole(stage, 'page-delivery', {
      voucherId,
      whileParked: async () => (await stage.account.read(claim, userId)) === 503,
      whole: async () => (await stage.account.read(claim, userId)) === 200,
    });
    return [...granted, ...found];
  },
};

const IN_CONFIG: Fault = {
  name: 'unwritable-config',
  title: 'config’s Postgres refuses an event for ever by 54000: its voucher is parked, a retry repairs it',
  inject: async (stage) => {
    const name = `${MARK}${randomUUID()}`;
    const turned = `OLD.name = '${name}' AND NEW.enabled AND NOT OLD.enabled`;
    await runStatements(stage.databaseUrl('config'), ...refusing('vouchers', turned, { of: 'UPDATE' }));
    const voucherId = await published(stage, name);
    const enabled = async (): Promise<boolean> => {
      const rows = `SELECT enabled FROM vouchers WHERE id = '${voucherId}'`;
      return (await rowsOf<{ enabled: boolean }>(stage.databaseUrl('config'), rows))[0]!.enabled;
    };
    return parkedAndWhole(stage, 'config', {
      voucherId,
      whileParked: async () => !(await enabled()),
      whole: enabled,
    });
  },
};

export const UNWRITABLE_IN_FOLLOWERS: readonly Fault[] = [IN_READ_MODEL, IN_CONFIG];
