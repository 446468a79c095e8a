import { Injectable } from '@nestjs/common';
import type { List, Voucher } from '@vouchers/contracts';
import { badRequest, Database, notFound, pageOf, paging } from '@vouchers/service';
import { LessThan, type SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { VoucherRow, VoucherVersionRow } from './voucher.entity.ts';
import { versionShown, voucherShown, type VersionShown } from './voucher.shown.ts';

const STATES = ['draft', 'published', 'enabled', 'paused', 'terminated'];
const SEARCH_CHARACTERS = 200;

@Injectable()
export class VoucherReads {
  constructor(private readonly database: Database) {}

  async one(id: string): Promise<VoucherRow> {
    const row = isUuid(id) ? await this.database.manager.findOneBy(VoucherRow, { id }) : null;
    if (!row) throw notFound();
    return row;
  }

  /** Newest first; `state`, `label=key:value` (several: all of them) and `search` (in name or id) narrow it. */
  async list(query: Record<string, unknown>): Promise<List<Voucher>> {
    const { limit, after } = paging(query);
    const found = this.database.manager
      .createQueryBuilder(VoucherRow, 'voucher')
      .orderBy('voucher.id', 'DESC')
      .limit(limit + 1);
    if (after) found.andWhere('voucher.id < :after', { after: cursorId(after[0]!) });
    narrow(found, query);
    return pageOf(await found.getMany(), limit, ({ id }) => [id], voucherShown);
  }

  /** Newest first. */
  async versions(id: string, query: Record<string, unknown>): Promise<List<VersionShown>> {
    const { limit, after } = paging(query);
    await this.one(id);
    const rows = await this.database.manager.find(VoucherVersionRow, {
      where: { voucherId: id, ...(after && { version: LessThan(cursorVersion(after[0]!)) }) },
      order: { version: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ version }) => [String(version)], versionShown);
  }

  async version(id: string, version: string): Promise<VoucherVersionRow> {
    const known = isUuid(id) && /^[1-9]\d{0,8}$/.test(version);
    const row = known
      ? await this.database.manager.findOneBy(VoucherVersionRow, { voucherId: id, version: Number(version) })
      : null;
    if (!row) throw notFound();
    return row;
  }
}

function cursorId(part: string): string {
  if (!isUuid(part)) throw badRequest([{ pointer: '/after', message: 'is no cursor of this list' }]);
  return part;
}

function cursorVersion(part: string): number {
  if (!/^\d{1,9}$/.test(part)) throw badRequest([{ pointer: '/after', message: 'is no cursor of this list' }]);
  return Number(part);
}

function narrow(found: SelectQueryBuilder<VoucherRow>, { state, label, search }: Record<string, unknown>): void {
  if (state !== undefined) {
    if (typeof state !== 'string' || !STATES.includes(state))
      throw badRequest([{ pointer: '/state', message: `must be one of ${STATES.join(', ')}` }]);
    found.andWhere('voucher.state = :state', { state });
  }
  if (label !== undefined)
    found.andWhere('voucher.labels @> :labels::jsonb', { labels: JSON.stringify(labelsOf(label)) });
  if (search !== undefined) {
    if (typeof search !== 'string' || search.length > SEARCH_CHARACTERS || search.includes('\0')) {
      throw badRequest([{ pointer: '/search', message: `must be a text of at most ${SEARCH_CHARACTERS} characters` }]);
    }
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    found.andWhere('(voucher.name ILIKE :pattern OR voucher.id::text = lower(:search))', { pattern, search });
  }
}

function labelsOf(label: unknown): Record<string, string> {
  const pairs = (Array.isArray(label) ? label : [label]).map((text) =>
    /^([a-z0-9-]{1,63}):([^\0]{0,200})$/su.exec(String(text)),
  );
  if (pairs.some((pair) => !pair)) throw badRequest([{ pointer: '/label', message: 'must be key:value' }]);
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]));
}
