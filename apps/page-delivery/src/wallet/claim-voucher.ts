import type { ClaimVoucher } from '@vouchers/contracts';
import { minimumOf } from '../pages/page-data.ts';
import type { KeptDefinition } from '../read-model/definitions.ts';

/** The part of a voucher that a holder of its claim wants to know. */
export function claimVoucherOf({ spec, goodsShown }: KeptDefinition): ClaimVoucher {
  const { name, resourceType, benefit, description, windows, operations } = spec;
  return {
    name,
    resourceType,
    ...(benefit && { benefit }),
    ...(description !== '' && { description }),
    ...minimumOf(spec),
    ...(goodsShown && { goods: goodsShown }),
    timeZone: windows.timeZone,
    ...(operations.afterClaim?.type === 'link' && { link: operations.afterClaim.url }),
  };
}
