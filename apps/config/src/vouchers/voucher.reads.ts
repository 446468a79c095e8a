import { Injectable } from '@nestjs/common';
import { fault, LABEL, type List, type Voucher } from '@vouchers/contracts';
import { badRequest, Database, notFound, pageOf, paging, Tenancy, type Caller } from '@vouchers/service';
import { LessThan, type SelectQueryBuilder } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { VoucherRow, VoucherVersionRow } from './voucher.entity.ts';
import { versionShown, voucherShown, type VersionShown } from './voucher.shown.ts';

/** The query as the route declares it. */
export interface VoucherQuery {
  state?: string;
  label?: string | string[];
  search?: string;
  /** Comma separated. */
  id?: string;
  limit?: string;
  after?: string;
}

@Injectable()
export class VoucherReads {
  constructor(
    private readonly database: Database,
    private readonly tenancy: Tenancy,
  ) {}

  async one(id: string, caller: Caller): Promise<VoucherRow> {
    const where = { id, ...this.tenancy.where(caller) };
    const row = isUuid(id) ? await this.database.manager.findOneBy(VoucherRow, where) : null;
    if (!row) throw notFound('unknown-voucher');
    return row;
  }

  /**
   * Newest first. A voucher must match all of `state`, `id`, each `label=key:value`, and `search` (in its name, id,
   * labels or description).
   */
  async list(query: VoucherQuery, caller: Caller): Promise<List<Voucher>> {
    const { limit, after } = paging(query);
    const found = this.database.manager
      .createQueryBuilder(VoucherRow, 'voucher')
      .where(this.tenancy.where(caller))
      .orderBy('voucher.id', 'DESC')
      .limit(limit + 1);
    if (after) found.andWhere('voucher.id < :after', { after: cursorId(after[0]!) });
    narrow(found, query);
    return pageOf(await found.getMany(), limit, ({ id }) => [id], voucherShown);
  }

  /** Newest first. */
  async versions(id: string, query: Record<string, unknown>, caller: Caller): Promise<List<VersionShown>> {
    const { limit, after } = paging(query);
    await this.one(id, caller);
    const rows = await this.database.manager.find(VoucherVersionRow, {
      where: { voucherId: id, ...(after && { version: LessThan(cursorVersion(after[0]!)) }) },
      order: { version: 'DESC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ version }) => [String(version)], versionShown);
  }

  async version(id: string, version: string, caller: Caller): Promise<VoucherVersionRow> {
    const isValid = isUuid(id) && /^[1-9]\d{0,8}$/.test(version);
    const where = { voucherId: id, version: Number(version), ...this.tenancy.where(caller) };
    const row = isValid ? await this.database.manager.findOneBy(VoucherVersionRow, where) : null;
    if (!row) throw notFound();
    return row;
  }
}

function cursorId(part: string): string {
  if (!isUuid(part)) throw badRequest([fault('/after', 'cursor')]);
  return part;
}

function cursorVersion(part: string): number {
  if (!/^\d{1,9}$/.test(part)) throw badRequest([fault('/after', 'cursor')]);
  return Number(part);
}

/** SQL that ignores the case of every script and the encoding of accents, with any locale of the database. */
const folded = (text: string): string =>
  `normalize(casefold(normalize(${text}, NFD) COLLATE pg_unicode_fast), NFC) COLLATE pg_unicode_fast`;

/** The texts that a search looks at. A description is read only where that does not mean reading thousands of goods. */
const SEARCHED = `concat_ws(E'\\n', voucher.name,
  (SELECT string_agg(key || ':' || value, E'\\n') FROM jsonb_each_text(voucher.labels)),
  CASE WHEN pg_column_size(voucher.spec) < 16384 THEN voucher.spec ->> 'description' END)`;

/** The most ids that one call may name. */
const MOST_IDS = 200;

function narrow(found: SelectQueryBuilder<VoucherRow>, { state, label, search, id }: VoucherQuery): void {
  if (id !== undefined) {
    const ids = id.split(',');
    if (ids.length > MOST_IDS || !ids.every((one) => isUuid(one)))
      throw badRequest([fault('/id', 'voucher-ids', { most: MOST_IDS })]);
    found.andWhere('voucher.id = ANY (:ids::uuid[])', { ids });
  }
  if (state !== undefined) found.andWhere('voucher.state = :state', { state });
  if (label !== undefined)
    found.andWhere('voucher.labels @> :labels::jsonb', { labels: JSON.stringify(labelsOf(label)) });
  if (search !== undefined) {
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    found.andWhere(`(${folded(SEARCHED)} LIKE ${folded(':pattern::text')} OR voucher.id::text = lower(:search))`, {
      pattern,
      search,
    });
  }
}

function labelsOf(label: string | string[]): Record<string, string> {
  return Object.fromEntries([label].flat().map((pair) => LABEL.exec(pair)!.slice(1, 3) as [string, string]));
}
