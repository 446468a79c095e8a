// Every write of a page passes here: the page, the activity and the outbox change in one transaction.
import { Injectable } from '@nestjs/common';
import { fault, type Fault } from '@vouchers/contracts';
import type { PageInput } from '@vouchers/contracts/schemas';
import {
  badRequest,
  Database,
  isAmong,
  notFound,
  preconditionFailed,
  preconditionRequired,
  Tenancy,
  type Caller,
} from '@vouchers/service';
import { In, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { ActivityRow, actorOf } from '../activity/activity.entity.ts';
import { checkIfMatch } from '../if-match.ts';
import { insertRows } from '../insert-rows.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { OutboxRow } from '../outbox/outbox.entity.ts';
import { OutboxPublisher } from '../outbox/outbox.publisher.ts';
import { OutboxRecords } from '../outbox/outbox.records.ts';
import { Quotas } from '../quotas.ts';
import { VoucherRow } from '../vouchers/voucher.entity.ts';
import { PageRow } from './page.entity.ts';

@Injectable()
export class PageWrites {
  constructor(
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly outbox: OutboxPublisher,
    private readonly records: OutboxRecords,
    private readonly quotas: Quotas,
    private readonly tenancy: Tenancy,
  ) {}

  /** Makes the page or its next version. After a deletion, versions go on from the version of the deletion. */
  async put(
    slug: string,
    body: PageInput,
    ifMatch: string | undefined,
    caller: Caller,
  ): Promise<{ row: PageRow; isNew: boolean }> {
    await this.connection.demand();
    const put = await this.database.manager.transaction(async (manager) => {
      const voucherIds = await this.placeable(manager, body.voucherIds, caller);
      const before = await lockedPage(manager, slug);
      if (before) this.checkVersion(before, ifMatch, caller);
      else if (ifMatch !== undefined) throw preconditionFailed();
      else await this.quotas.checkPage(manager, caller.team);
      const version = 1 + (before?.version ?? (await deletedVersion(manager, slug)));
      const page: PageRow = {
        slug,
        version,
        title: body.title,
        voucherIds,
        team: caller.team,
        updatedAt: new Date(),
        updatedBy: caller.sub,
        updatedByName: caller.name ?? null,
      };
      this.records.checkPage(page);
      await manager.upsert(PageRow, page, ['slug']);
      await insertRows(manager, ActivityRow, [
        {
          slug,
          voucherId: null,
          version,
          ...actorOf(caller),
          at: page.updatedAt,
          action: before ? 'change' : 'create',
        },
      ]);
      await insertRows(manager, OutboxRow, [{ kind: 'page', key: slug, version }]);
      return { row: page, isNew: !before };
    });
    await this.outbox.publish('page', [slug]);
    return put;
  }

  async remove(slug: string, ifMatch: string, caller: Caller): Promise<void> {
    await this.connection.demand();
    await this.database.manager.transaction(async (manager) => {
      const before = await lockedPage(manager, slug);
      if (!before) throw notFound();
      this.checkVersion(before, ifMatch, caller);
      const version = before.version + 1;
      await manager.delete(PageRow, { slug });
      await manager.query(
        `INSERT INTO deleted_pages (slug, version) VALUES ($1, $2)
         ON CONFLICT (slug) DO UPDATE SET version = excluded.version`,
        [slug, version],
      );
      await manager.delete(OutboxRow, { kind: 'page', key: slug });
      await insertRows(manager, ActivityRow, [
        { slug, voucherId: null, version, ...actorOf(caller), at: new Date(), action: 'delete' },
      ]);
      await insertRows(manager, OutboxRow, [{ kind: 'deleted-page', key: slug, version }]);
    });
    await this.outbox.publish('page', [slug]);
  }

  /** @throws ProblemError 404 for a page of a team that the caller does not see, 428, 403 `other-team`, 412 */
  private checkVersion(before: PageRow, ifMatch: string | undefined, caller: Caller): void {
    if (!this.tenancy.sees(caller, before.team)) throw notFound();
    if (ifMatch === undefined) throw preconditionRequired('If-Match');
    this.tenancy.expectOwn(caller, before.team);
    checkIfMatch(ifMatch, before.version);
  }

  /**
   * Returns the ids in lower case. 400 with the pointer of each id that is no voucher's, that is there twice, or whose
   * voucher may not stand on pages of the caller's team.
   */
  private async placeable(manager: EntityManager, listed: string[], caller: Caller): Promise<string[]> {
    const ids = listed.map((id) => id.toLowerCase());
    const found = await manager.find(VoucherRow, {
      where: { id: In(ids.filter((id) => isUuid(id))) },
      select: { id: true, team: true, placements: true },
    });
    const vouchers = new Map(found.map((voucher) => [voucher.id, voucher]));
    const faults = ids.flatMap((id, index) => {
      const isTwice = ids.indexOf(id) < index;
      const pointer = `/voucherIds/${index}`;
      return this.placingFault(pointer, vouchers.get(id), caller) ?? (isTwice ? fault(pointer, 'twice') : []);
    });
    if (faults.length > 0) throw badRequest(faults);
    return ids;
  }

  private placingFault(pointer: string, voucher: VoucherRow | undefined, caller: Caller): Fault | undefined {
    if (voucher && isAmong(voucher.placements ?? undefined, caller.team)) return undefined;
    const isSeen = voucher && this.tenancy.sees(caller, voucher.team);
    return isSeen ? fault(pointer, 'not-placed', { team: caller.team }) : fault(pointer, 'no-voucher');
  }
}

/** Locks the slug. The second of two concurrent changes waits here, and then sees the page as the first one left it. */
async function lockedPage(manager: EntityManager, slug: string): Promise<PageRow | null> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [slug]);
  return manager.findOneBy(PageRow, { slug });
}

/** The version of the page's deletion; 0 if it was never deleted. */
async function deletedVersion(manager: EntityManager, slug: string): Promise<number> {
  const rows: { version: number }[] = await manager.query('SELECT version FROM deleted_pages WHERE slug = $1', [slug]);
  return rows[0]?.version ?? 0;
}
