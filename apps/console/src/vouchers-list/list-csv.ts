import { csvLine, type Counters, type Voucher } from '@vouchers/contracts';
import { answer, services } from '../api/api.ts';
import { refusedIn } from '../parts/funnel.ts';

const AT_ONCE = 200;
const COLUMNS = [
  'id',
  'name',
  'state',
  'type',
  'labels',
  'claimQuantity',
  'free',
  'pushed',
  'claimed',
  'redeemed',
  'refused',
  'claimFrom',
  'claimUntil',
  'validFrom',
  'validUntil',
  'timeZone',
  'team',
  'version',
];

/** Vouchers with their counters as CSV. */
export async function listCsv(vouchers: readonly Voucher[]): Promise<string> {
  const counters = await countersOf(vouchers.map(({ id }) => id));
  return csvLine(COLUMNS) + vouchers.map((voucher) => lineOf(voucher, counters.get(voucher.id))).join('');
}

async function countersOf(ids: readonly string[]): Promise<Map<string, Counters>> {
  const found = new Map<string, Counters>();
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const voucherId = ids.slice(first, first + AT_ONCE).join(',');
    const part = await answer(services().ledger.GET('/v1/counters', { params: { query: { voucherId } } }));
    if ('items' in part) for (const counters of part.items) found.set(counters.voucherId, counters);
  }
  return found;
}

function lineOf(voucher: Voucher, counters: Counters | undefined): string {
  const { id, name, state, resourceType, labels, quantities, windows, team, version } = voucher;
  return csvLine([
    id,
    name,
    state,
    resourceType,
    Object.entries(labels)
      .map(([key, value]) => `${key}:${value}`)
      .join(' '),
    quantities.claim,
    counters?.free,
    counters?.pushed,
    counters?.claimed,
    counters?.redeemed,
    counters && refusedIn(counters),
    windows.claim.from,
    windows.claim.to,
    windows.valid.from,
    windows.valid.to,
    windows.timeZone,
    team,
    version,
  ]);
}
