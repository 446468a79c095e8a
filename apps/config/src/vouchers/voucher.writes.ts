// Every write of a voucher passes here: the voucher, its version, the activity and the outbox change in one
// transaction, and the answer waits until Kafka acknowledged the definition.
import { Injectable } from '@nestjs/common';
import type { Intent, VoucherSpec } from '@vouchers/contracts';
import { conflict, Database, forbidden, notFound, ProblemError, Tenancy, type Caller } from '@vouchers/service';
import { attributesNamed, changedPointers, frozenFaults } from '@vouchers/voucher';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { ActivityRow, actorOf, type Action } from '../activity/activity.entity.ts';
import { checkIfMatch } from '../if-match.ts';
import { insertRows } from '../insert-rows.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { OutboxRow } from '../outbox/outbox.entity.ts';
import { OutboxPublisher } from '../outbox/outbox.publisher.ts';
import { OutboxRecords } from '../outbox/outbox.records.ts';
import { Quotas } from '../quotas.ts';
import { VoucherRow, VoucherVersionRow } from './voucher.entity.ts';
import { LIFE, type Step } from './voucher.life.ts';

/** The next version of a voucher. */
interface NextVersion {
  action: Action;
  intent: Intent;
  spec: VoucherSpec;
}

@Injectable()
export class VoucherWrites {
  constructor(
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly outbox: OutboxPublisher,
    private readonly records: OutboxRecords,
    private readonly quotas: Quotas,
    private readonly tenancy: Tenancy,
  ) {}

  /**
   * Makes all vouchers or none.
   * @param pointerOf returns the JSON pointer of the n-th voucher in the body of a batch
   * @throws ProblemError 413 or 409 `quota` for the first voucher at fault
   */
  async create(
    sent: VoucherSpec[],
    intent: 'draft' | 'published',
    caller: Caller,
    pointerOf?: (index: number) => string,
  ): Promise<VoucherRow[]> {
    await this.connection.demand();
    const specs = sent.map((spec) => this.withTeams(spec, caller.team));
    const now = new Date();
    const rows = specs.map((spec): VoucherRow => ({
      id: uuidv7(),
      version: 1,
      intent,
      enabled: false,
      ended: false,
      state: intent,
      team: caller.team,
      name: spec.name,
      labels: spec.labels,
      spec,
      createdAt: now,
      updatedAt: now,
      updatedBy: caller.sub,
    }));
    const versions = rows.map((row) => versionOf(row, [], caller));
    this.records.checkVersions(versions, pointerOf);
    const made = specs.map((spec) => ({ isDraft: intent === 'draft', bytes: bytesOf(spec) }));
    await this.database.manager.transaction(async (manager) => {
      await this.quotas.checkVouchers(manager, caller.team, made, pointerOf);
      await insertRows(manager, VoucherRow, rows);
      await record(manager, versions, { caller, action: intent === 'draft' ? 'create' : 'publish' });
    });
    const ids = rows.map(({ id }) => id);
    await this.outbox.publish('voucher', ids, versions);
    return rows;
  }

  /** 403 if the new spec would be live at once and the caller may not publish. 409 `terminated` or `frozen`. */
  replace(id: string, sent: VoucherSpec, ifMatch: string | undefined, caller: Caller): Promise<VoucherRow> {
    const spec = this.withTeams(sent, caller.team);
    return this.change(id, ifMatch, caller, (row) => {
      if (row.state === 'terminated') throw conflict('terminated');
      const frozen = row.intent === 'draft' ? [] : frozenFaults(row.spec, spec);
      if (frozen.length > 0)
        throw new ProblemError(409, { reason: 'frozen', detail: 'Publication froze this.', errors: frozen });
      return { action: 'change', intent: row.intent, spec };
    });
  }

  /** Takes a step of the voucher's life. 409 with a reason of `LIFE`. */
  take(id: string, step: Step, ifMatch: string | undefined, caller: Caller): Promise<VoucherRow> {
    return this.change(id, ifMatch, caller, (row) => {
      const outcome = LIFE[step][row.state === 'terminated' ? 'terminated' : row.intent];
      if ('reason' in outcome) throw conflict(outcome.reason);
      return { action: step, intent: outcome.to, spec: row.spec };
    });
  }

  /** Deletes a draft. Only its activity and its events in the ledger stay. 409 `not-draft`. */
  async remove(id: string, ifMatch: string, caller: Caller): Promise<void> {
    await this.connection.demand();
    await this.database.manager.transaction(async (manager) => {
      const row = await this.own(manager, id, ifMatch, caller);
      if (row.state !== 'draft') throw conflict('not-draft');
      await manager.delete(VoucherVersionRow, { voucherId: row.id });
      await manager.delete(VoucherRow, { id: row.id });
      // Waits for a version that is being sent. Other versions that were not published yet are never sent.
      await manager.delete(OutboxRow, { kind: 'voucher', key: row.id });
      const version = row.version + 1;
      const about = { voucherId: row.id, slug: null, version, ...actorOf(caller), at: new Date() };
      await insertRows(manager, ActivityRow, [{ ...about, action: 'delete' }]);
      await insertRows(manager, OutboxRow, [{ kind: 'deleted-voucher', key: row.id, version }]);
    });
    await this.outbox.publish('voucher', [id.toLowerCase()]);
  }

  private async change(
    id: string,
    ifMatch: string | undefined,
    caller: Caller,
    judge: (row: VoucherRow) => NextVersion,
  ): Promise<VoucherRow> {
    await this.connection.demand();
    const changed = await this.database.manager.transaction(async (manager) => {
      const row = await this.own(manager, id, ifMatch, caller, mayChange);
      const { action, intent, spec } = judge(row);
      const next = {
        version: row.version + 1,
        intent,
        spec,
        name: spec.name,
        labels: spec.labels,
        updatedAt: new Date(),
        updatedBy: caller.sub,
      };
      const version = versionOf({ ...row, ...next }, changedPointers(row.spec, spec), caller);
      this.records.checkVersions([version]);
      if (spec !== row.spec) await this.quotas.checkGrowth(manager, row.team, bytesOf(spec) - bytesOf(row.spec));
      await manager.update(VoucherRow, { id }, next);
      await record(manager, [version], { caller, action, leads: namesNew(row, version) });
      return manager.findOneByOrFail(VoucherRow, { id });
    });
    await this.outbox.publish('voucher', [id]);
    return changed;
  }

  /** Locks a voucher of the caller's team at the version of If-Match. 404, 403 `other-team`, 403 scope, 412. */
  private async own(
    manager: EntityManager,
    id: string,
    ifMatch: string | undefined,
    caller: Caller,
    may: typeof mayChange = () => true,
  ): Promise<VoucherRow> {
    // A voucher that the caller does not see is not locked either, since waiting for its lock would show that it exists.
    const where = { id, ...this.tenancy.where(caller) };
    const row = isUuid(id) ? await manager.findOne(VoucherRow, { where, lock: { mode: 'pessimistic_write' } }) : null;
    if (!row) throw notFound('unknown-voucher');
    this.tenancy.expectOwn(caller, row.team);
    if (!may(row, caller))
      throw forbidden('The voucher is no draft: to change it needs the scope vouchers:publish, too.');
    checkIfMatch(ifMatch, row.version);
    return row;
  }

  /** Fills in the teams that redeem and place the voucher, if its author names none. */
  private withTeams(spec: VoucherSpec, team: string): VoucherSpec {
    const teams = this.tenancy.unnamed(team);
    return { redeemers: teams, placements: teams, ...spec };
  }
}

/** A change of a published voucher is live at once. It may even end the voucher and revoke claims. */
const mayChange = ({ intent }: VoucherRow, { scopes }: Caller): boolean =>
  intent === 'draft' || scopes.has('vouchers:publish');

/** The bytes of a spec, as the quota counts them. */
const bytesOf = (spec: VoucherSpec): number => Buffer.byteLength(JSON.stringify(spec));

const versionOf = (row: VoucherRow, changed: string[], { name }: Caller): VoucherVersionRow => ({
  voucherId: row.id,
  version: row.version,
  intent: row.intent,
  team: row.team,
  spec: row.spec,
  by: row.updatedBy,
  byName: name ?? null,
  at: row.updatedAt,
  changed,
});

/**
 * True if the next version names an attribute that the version before does not. A first version never leads, since
 * page-delivery has no older version that it could still use.
 */
function namesNew(before: Pick<VoucherRow, 'spec'>, next: Pick<VoucherRow, 'spec'>): boolean {
  const named = new Set(attributesNamed(before));
  return attributesNamed(next).some((name) => !named.has(name));
}

/**
 * Stores the versions, the activity and the outbox rows of a write. With `leads`, the version is published to the
 * definitions some time before the submissions.
 */
async function record(
  manager: EntityManager,
  versions: VoucherVersionRow[],
  { caller, action, leads = false }: { caller: Caller; action: Action; leads?: boolean },
): Promise<void> {
  const activity = versions.map(({ voucherId, version, team, at }) => ({
    ...actorOf(caller),
    voucherId,
    slug: null,
    version,
    team,
    at,
    action,
  }));
  const outbox = versions.map(({ voucherId, version }) => ({
    kind: 'voucher' as const,
    key: voucherId,
    version,
    leads,
  }));
  await insertRows(manager, VoucherVersionRow, versions);
  await insertRows(manager, ActivityRow, activity);
  await insertRows(manager, OutboxRow, outbox);
}
