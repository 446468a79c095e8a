// Limits how much one team may have. A team that has reached a quota can make nothing new, but it can still edit.
import { Inject, Injectable } from '@nestjs/common';
import { fault } from '@vouchers/contracts';
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
   * To be called within the transaction that makes the vouchers. Concurrent calls for one team wait for each other.
   * @param pointerOf returns the JSON pointer of the n-th voucher in the body
   * @throws ProblemError 409 `quota` for the first voucher that does not fit
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
      if (used.vouchers > quotaVouchers) throw beyond('QUOTA_VOUCHERS', quotaVouchers, 'vouchers', pointer);
      if (isDraft && used.drafts > quotaDrafts) throw beyond('QUOTA_DRAFTS', quotaDrafts, 'drafts', pointer);
      if (used.bytes > quotaBytes) throw beyond('QUOTA_BYTES', quotaBytes, 'bytes of vouchers', pointer);
    }
  }

  /** To be called within the transaction that makes the page. @throws ProblemError 409 `quota` */
  async checkPage(manager: EntityManager, team: string): Promise<void> {
    await lock(manager, team);
    const { quotaPages } = this.settings;
    const [{ pages }] = (await manager.query(PAGES, [team, quotaPages])) as [{ pages: number }];
    if (pages >= quotaPages) throw beyond('QUOTA_PAGES', quotaPages, 'pages');
  }

  /**
   * Refuses an edit that makes a voucher so large that its team exceeds the quota. A team that exceeds it already,
   * because of an upgrade or a lower quota, may go on editing.
   */
  async checkGrowth(manager: EntityManager, team: string, bytes: number): Promise<void> {
    if (bytes <= 0) return;
    await lock(manager, team);
    const { quotaVouchers, quotaBytes } = this.settings;
    const [used] = (await manager.query(USED, [team, quotaVouchers + 1])) as [Used];
    if (used.bytes <= quotaBytes && used.bytes + bytes > quotaBytes)
      throw beyond('QUOTA_BYTES', quotaBytes, 'bytes of vouchers');
  }
}

const lock = (manager: EntityManager, team: string): Promise<unknown> =>
  manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('quotas of ' || $1, 0))`, [team]);

function beyond(setting: string, most: number, what: string, pointer?: string): ProblemError {
  return new ProblemError(409, {
    reason: 'quota',
    detail: `${setting}: a team may have ${most} ${what}.`,
    ...(pointer !== undefined && { errors: [fault(pointer, 'quota', { setting, most })] }),
  });
}
