import { AskedGauge } from '@vouchers/service';

const bytes = new AskedGauge('page_delivery_cache_bytes', 'What a cache of CACHE_BYTES holds, as it is counted', [
  'cache',
]);

/** Shows how much a cache holds. */
export function showCache(cache: string, bytesOf: () => number): void {
  bytes.ask(() => [[{ cache }, bytesOf()]]);
}
