import type { Page } from '@vouchers/contracts';
import type { PageRow } from './page.entity.ts';

export const pageShown = ({ slug, title, voucherIds, version, team, updatedAt, updatedBy }: PageRow): Page => ({
  slug,
  title,
  voucherIds,
  version,
  team,
  updatedAt: updatedAt.toISOString(),
  updatedBy,
});
