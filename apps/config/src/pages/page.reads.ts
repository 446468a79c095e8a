import { Injectable } from '@nestjs/common';
import { PAGE_SLUG, type List, type Page } from '@vouchers/contracts';
import { Database, notFound, pageOf, paging } from '@vouchers/service';
import { MoreThan } from 'typeorm';
import { PageRow } from './page.entity.ts';
import { pageShown } from './page.shown.ts';

@Injectable()
export class PageReads {
  constructor(private readonly database: Database) {}

  async one(slug: string): Promise<PageRow> {
    const row = await this.find(slug);
    if (!row) throw notFound();
    return row;
  }

  async find(slug: string): Promise<PageRow | null> {
    return isSlug(slug) ? this.database.manager.findOneBy(PageRow, { slug }) : null;
  }

  /** In the order of slugs. */
  async list(query: Record<string, unknown>): Promise<List<Page>> {
    const { limit, after } = paging(query);
    const rows = await this.database.manager.find(PageRow, {
      where: after ? { slug: MoreThan(after[0]!) } : {},
      order: { slug: 'ASC' },
      take: limit + 1,
    });
    return pageOf(rows, limit, ({ slug }) => [slug], pageShown);
  }
}

export const isSlug = (slug: string): boolean => PAGE_SLUG.test(slug);
