import type { Page } from '@vouchers/contracts';
import type { PageRow } from './page.entity.ts';

/** A page as Kafka carries it. Without names, since nobody can be forgotten there. */
export const pagePublished = ({ slug, title, voucherIds, version, team, updatedAt, updatedBy }: PageRow): Page => ({
  slug,
  title,
  voucherIds,
  version,
  team,
  updatedAt: updatedAt.toISOString(),
  updatedBy,
});

/** A page in an answer. */
export const pageShown = (row: PageRow): Page => ({
  ...pagePublished(row),
  ...(row.updatedByName !== null && { updatedByName: row.updatedByName }),
});
