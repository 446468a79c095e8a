import { ObservableGauge } from '@vouchers/service';

const bytes = new ObservableGauge(
  'page_delivery_cache_bytes',
  'Bytes that each cache of CACHE_BYTES holds, as counted',
  ['cache'],
);

/** Shows the size of a cache at /metrics. */
export function showCache(cache: string, bytesOf: () => number): void {
  bytes.observe(() => [[{ cache }, bytesOf()]]);
}
