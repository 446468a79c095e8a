// Limits how much one team may have. Past a quota nothing new can be made, but everything can still be edited.
import { Inject, Injectable } from '@nestjs/common';
import { ProblemError } from '@vouchers/service';
import type { EntityManager } from 'typeorm';
import { ConfigSettings } from './config.settings.ts';

/** A voucher to be made. */
export interface NewVoucher {
  isDraft: boolean;
  /** Bytes of its spec as JSON. */
  bytes: number;
}

interface Used {
  vouchers: number;
  drafts: number;
  bytes: number;
}

/** Counts at most one more than the quota. An older release may have left far more than that. */
const USED = `
  SELECT count(*)::int AS vouchers, count(*) FILTER (WHERE intent = 'draft')::int AS drafts,
    coalesce(sum(spec_bytes), 0)::float8 AS bytes
  FROM (SELECT intent, spec_bytes FROM vouchers WHERE team = $1 AND state <> 'terminated' LIMIT $2) counted`;
const PAGES = 'SELECT count(*)::int AS pages FROM (SELECT FROM pages WHERE team = $1 LIMIT $2) counted';

@Injectable()
export class Quotas {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  /**
   * To be called within the transaction that makes them. Concurrent calls of one team wait for one another here.
   * @param pointerOf where the n-th stands in the body. @throws 409 `quota` at the first that does not fit.
   */
  async checkVouchers(
    manager: EntityManager,
    team: string,
    made: NewVoucher[],
    pointerOf?: (index: number) => string,
  ): Promise<void> {
    await lock(manager, team);
    const { quotaVouchers, quotaDrafts, quotaBytes } = this.settings;
    const [used] = (await manager.query(USED, [team, quotaVouchers + 1])) as [Used];
    for (const [index, { isDraft, bytes }] of made.entries()) {
      used.vouchers += 1;
      used.drafts += isDraft ? 1 : 0;
      used.bytes += bytes;
      const pointer = pointerOf?.(index);
      if (used.vouchers > quotaVouchers) throw beyond('QUOTA_VOUCHERS', `${quotaVouchers} vouchers`, pointer);
      if (isDraft && used.drafts > quotaDrafts) throw beyond('QUOTA_DRAFTS', `${quotaDrafts} drafts`, pointer);
      if (used.bytes > quotaBytes) throw beyond('QUOTA_BYTES', `${quotaBytes} bytes of vouchers`, pointer);
    }
  }

  /** The same for one page. */
  async checkPage(manager: EntityManager, team: string): Promise<void> {
    await lock(manager, team);
    const { quotaPages } = this.settings;
    const [{ pages }] = (await manager.query(PAGES, [team, quotaPages])) as [{ pages: number }];
    if (pages >= quotaPages) throw beyond('QUOTA_PAGES', `${quotaPages} pages`);
  }

  /**
   * An edit that makes a voucher larger may not carry its team over the quota. A team that is over it already, since an
   * upgrade or since the quota was lowered, goes on editing.
   */
  async checkGrowth(manager: EntityManager, team: string, bytes: number): Promise<void> {
    if (bytes <= 0) return;
    await lock(manager, team);
    const { quotaVouchers, quotaBytes } = this.settings;
    const [used] = (await manager.query(USED, [team, quotaVouchers + 1])) as [Used];
    if (used.bytes <= quotaBytes && used.bytes + bytes > quotaBytes)
      throw beyond('QUOTA_BYTES', `${quotaBytes} bytes of vouchers`);
  }
}

const lock = (manager: EntityManager, team: string): Promise<unknown> =>
  manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('quotas of ' || $1, 0))`, [team]);

function beyond(setting: string, bound: string, pointer?: string): ProblemError {
  const message = `would be more than ${bound} (${setting})`;
  return new ProblemError(409, {
    reason: 'quota',
    detail: `${setting}: a team may have ${bound}.`,
    ...(pointer !== undefined && { errors: [{ pointer, message }] }),
  });
}
