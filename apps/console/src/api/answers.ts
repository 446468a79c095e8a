// Names for what the services answer beyond the contract's own types; read from their OpenAPI documents.
import type { components as Config } from './generated/config.ts';
import type { components as Ledger } from './generated/ledger.ts';
import type { components as PageDelivery, paths as PageDeliveryPaths } from './generated/page-delivery.ts';

/** One version of a voucher, as config keeps it; `changed` in JSON pointers. */
export type Version = Config['schemas']['VoucherVersion'];
/** Who did what. */
export type Activity = Config['schemas']['Activity'];
export type UserAttribute = Config['schemas']['UserAttribute'];
export type RuleCheck = Config['schemas']['RuleCheck'];
/** A decision, and where it stands. */
export type Decision = Ledger['schemas']['Decision'];
/** Counters of many vouchers, summed. */
export type SummedCounters = Ledger['schemas']['SummedCounters'];
export type SeriesItem = Ledger['schemas']['CountersAt'];
/** One example to judge. */
export type DryRunCase =
  PageDeliveryPaths['/v1/dry-run']['post']['requestBody']['content']['application/json']['cases'][number];
/** How it would be decided. */
export type DryRunDecision = PageDelivery['schemas']['DryDecision'];
