import { Injectable } from '@nestjs/common';
import { PAGE_SLUG, type List, type Page } from '@vouchers/contracts';
import { Database, notFound, pageOf, paging, Tenancy, type Caller } from '@vouchers/service';
import { MoreThan } from 'typeorm';
import { PageRow } from './page.entity.ts';
import { pageShown } from './page.shown.ts';

@Injectable()
export class PageReads {
  constructor(
    private readonly database: Database,
    private readonly tenancy: Tenancy,
  ) {}

  async one(slug: string, caller: Caller): Promise<PageRow> {
    const row = await this.find(slug, caller);
    if (!row) throw notFound();
    return row;
  }

  async find(slug: string, caller: Caller): Promise<PageRow | null> {
    const where = { slug, ...this.tenancy.where(caller) };
    return isSlug(slug) ? this.database.manager.findOneBy(PageRow, where) : null;
  }

  /** In the order of slugs. */
  async list(query: Record<string, unknown>, caller: Caller): Promise<List<Page>> {
    const { limit, after } = paging(query);
    const rows = await this.database.manager.find(PageRow, {
      where: { ...this.tenancy.where(caller), ...(after && { slug: MoreThan(after[0]!) }) },
      order: { slug: 'ASC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ slug }) => [slug], pageShown);
  }
}

export const isSlug = (slug: string): boolean => PAGE_SLUG.test(slug);
