// Every write of a page: the page, the activity and the outbox in one transaction.
import { Injectable } from '@nestjs/common';
import type { PageBody } from '@vouchers/contracts/bodies';
import {
  badRequest,
  Database,
  otherTeam,
  preconditionFailed,
  preconditionRequired,
  type Caller,
} from '@vouchers/service';
import { In, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { ActivityRow } from '../activity/activity.entity.ts';
import { checkIfMatch } from '../if-match.ts';
import { insertRows } from '../insert-rows.ts';
import { KafkaConnection } from '../kafka.connection.ts';
import { OutboxRow } from '../outbox/outbox.entity.ts';
import { OutboxPublisher } from '../outbox/outbox.publisher.ts';
import { VoucherRow } from '../vouchers/voucher.entity.ts';
import { PageRow } from './page.entity.ts';

@Injectable()
export class PageWrites {
  constructor(
    private readonly database: Database,
    private readonly connection: KafkaConnection,
    private readonly outbox: OutboxPublisher,
  ) {}

  /** Makes the page, or its next version. Version 1 says that it was made. */
  async put(slug: string, body: PageBody, ifMatch: string | undefined, caller: Caller): Promise<PageRow> {
    await this.connection.demand();
    const row = await this.database.manager.transaction(async (manager) => {
      const voucherIds = await knownVouchers(manager, body.voucherIds);
      // Two that make the same page at once: the second waits here and then finds it made.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [slug]);
      const before = await manager.findOneBy(PageRow, { slug });
      const version = before ? nextVersion(before, ifMatch, caller) : 1;
      if (!before && ifMatch !== undefined) throw preconditionFailed();
      const page: PageRow = {
        slug,
        version,
        title: body.title,
        voucherIds,
        team: caller.team,
        updatedAt: new Date(),
        updatedBy: caller.sub,
      };
      await manager.upsert(PageRow, page, ['slug']);
      await insertRows(manager, ActivityRow, [
        { slug, voucherId: null, version, by: caller.sub, at: page.updatedAt, action: before ? 'change' : 'create' },
      ]);
      await insertRows(manager, OutboxRow, [{ kind: 'page', key: slug, version }]);
      return page;
    });
    await this.outbox.publish('page', [slug]);
    return row;
  }
}

function nextVersion(before: PageRow, ifMatch: string | undefined, caller: Caller): number {
  if (ifMatch === undefined) throw preconditionRequired('If-Match');
  if (before.team !== caller.team) throw otherTeam();
  checkIfMatch(ifMatch, before.version);
  return before.version + 1;
}

/** 400 with the pointer of each voucher that does not exist. */
async function knownVouchers(manager: EntityManager, asked: string[]): Promise<string[]> {
  const ids = asked.map((id) => id.toLowerCase());
  const found = await manager.find(VoucherRow, {
    where: { id: In(ids.filter((id) => isUuid(id))) },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  const faults = ids.flatMap((id, index) =>
    known.has(id) ? [] : [{ pointer: `/voucherIds/${index}`, message: 'is no voucher' }],
  );
  if (faults.length > 0) throw badRequest(faults);
  return ids;
}
