// Names for types of answers that the contracts do not have. They come from the services' OpenAPI documents.
import type { components as Config } from './generated/config.ts';
import type { components as Ledger } from './generated/ledger.ts';
import type { components as PageDelivery, paths as PageDeliveryPaths } from './generated/page-delivery.ts';

/** A version of a voucher in config. `changed` has JSON pointers. */
export type Version = Config['schemas']['VoucherVersion'];
export type Activity = Config['schemas']['Activity'];
export type UserAttribute = Config['schemas']['UserAttribute'];
export type RuleCheck = Config['schemas']['RuleCheck'];
/** A decision with its partition and seq. */
export type Decision = Ledger['schemas']['Decision'];
export type SummedCounters = Ledger['schemas']['SummedCounters'];
export type SeriesItem = Ledger['schemas']['CountersAt'];
export type Usage = Ledger['schemas']['VoucherUsage'];
/** An example for a dry run. */
export type DryRunCase =
  PageDeliveryPaths['/v1/dry-run']['post']['requestBody']['content']['application/json']['cases'][number];
/** The vouchers and the order of a dry quote. */
export type DryQuoteInput =
  PageDeliveryPaths['/v1/dry-run/quotes']['post']['requestBody']['content']['application/json'];
export type DryQuote = PageDelivery['schemas']['DryQuote'];
/** The decision that the example would get. */
export type DryRunDecision = PageDelivery['schemas']['DryDecision'];
