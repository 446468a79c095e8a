import type { ModuleState, PageData, Voucher } from '@vouchers/contracts';
import { timeEdgeOf } from '../parts/voucher-time.ts';

/**
 * The page that a customer without claims would see. It is computed here, since a request would count as a page view.
 */
export function previewOf(title: string, vouchers: readonly Voucher[], now: number): PageData {
  const shown = vouchers.filter(({ state }) => state === 'published' || state === 'enabled');
  return {
    slug: 'preview',
    title,
    popup: null,
    modules: shown.map((voucher) => {
      const { id, version, name, resourceType, benefit, windows, operations } = voucher;
      return { voucherId: id, version, name, resourceType, benefit, windows, operations, state: stateOf(voucher, now) };
    }),
  };
}

function stateOf(voucher: Voucher, now: number): ModuleState {
  switch (timeEdgeOf(voucher, now)?.key) {
    case 'over':
    case 'claimClosed':
      return 'ended';
    case 'validOpens':
    case 'claimOpens':
      return 'not-started';
    default:
      return voucher.state === 'enabled' ? 'claimable' : 'not-started';
  }
}
