import type { Stage } from '../stage.ts';
import { authorized } from '../vouchers.ts';
import type { LoadOptions } from './loaded.ts';

/** Claims of one voucher, each by another user and with a key of its own. */
export const claimsOf = (
  stage: Stage,
  pageDelivery: string,
  voucherId: string,
  { connections, seconds }: Pick<LoadOptions, 'connections' | 'seconds'>,
): LoadOptions => ({
  url: `${pageDelivery.replace('localhost', '127.0.0.1')}/v1/vouchers/${voucherId}/claims`,
  method: 'POST',
  headers: { ...authorized(stage), 'X-User-Id': 'user-{n}', 'Idempotency-Key': 'claim-of-user-{n}' },
  body: '{}',
  connections,
  seconds,
});
