import { randomUUID } from 'node:crypto';
import { connectKafka } from '@vouchers/messaging';
import { rebuild, type RebuildReport, type RebuiltTable } from '@vouchers/outcomes';
import { createLogger, loadSettings } from '@vouchers/service';
import { LedgerClient } from '../ledger/ledger.client.ts';
import { readModelOf } from '../read-model/read-model.projection.ts';
import { PageDeliverySettings } from '../settings.ts';

/** The columns that are compared. They are jsonb, so that the order of fields does not matter. */
const TABLES: readonly RebuiltTable[] = [
  { name: 'vouchers', columns: 'voucher_id, seq, state::jsonb AS state' },
  { name: 'definitions_in_force', columns: 'voucher_id, definition::jsonb AS definition' },
  { name: 'claims', columns: 'claim_id, voucher_id, user_id, state, claim::jsonb AS claim' },
  { name: 'redemptions', columns: 'redemption_id, claim_id, user_id, order_id, redemption::jsonb AS redemption' },
  { name: 'entries', columns: 'entry_id, voucher_id, user_id, state, rank, number, entry::jsonb AS entry' },
  { name: 'pushes', columns: 'user_id, voucher_id' },
  { name: 'forgotten_partitions', columns: 'forgetting_id, partition' },
  { name: 'parked_vouchers', columns: 'voucher_id, partition' },
];

/** Makes the read model again from the outcomes. @param environment the variables of page-delivery */
export function rebuildReadModel(environment: NodeJS.ProcessEnv): Promise<RebuildReport> {
  const settings = loadSettings(PageDeliverySettings, environment);
  const logger = createLogger(settings);
  return rebuild({
    kafka: connectKafka({ ...settings.kafka, clientId: settings.service, logger }),
    logger,
    topic: settings.topics.outcomes,
    groupId: settings.group(`rebuild.${randomUUID()}`),
    databaseUrl: settings.ownerUrl,
    projection: readModelOf(settings.partitions),
    ledger: new LedgerClient(settings),
    tables: TABLES,
  });
}
