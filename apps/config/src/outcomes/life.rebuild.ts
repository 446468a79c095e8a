import { randomUUID } from 'node:crypto';
import { connectKafka } from '@vouchers/messaging';
import { REBUILT, rebuild, type RebuildReport, type RebuiltTable } from '@vouchers/outcomes';
import { createLogger, LedgerApi } from '@vouchers/service';
import type { ConfigSettings } from '../config.settings.ts';
import { LIVES } from './life.projection.ts';

/**
 * The vouchers that are compared. Vouchers that staff created or deleted meanwhile are only in one of the schemas, and
 * parked vouchers lack events until a retry, so both are left out.
 */
const compared = (schema: string, other: string): string =>
  `${schema}.vouchers WHERE id IN (SELECT id FROM ${other}.vouchers)
    AND id NOT IN (SELECT voucher_id FROM public.parked_vouchers UNION ALL SELECT voucher_id FROM ${REBUILT}.parked_vouchers)`;

const VOUCHERS: RebuiltTable = {
  name: 'vouchers',
  columns: 'id, enabled, ended',
  shared: {
    make: `CREATE TABLE ${REBUILT}.vouchers AS SELECT id, false AS enabled, false AS ended FROM public.vouchers;
      ALTER TABLE ${REBUILT}.vouchers ADD PRIMARY KEY (id)`,
    compared,
    mend: `UPDATE public.vouchers live SET enabled = made.enabled, ended = made.ended
      FROM (SELECT * FROM ${compared(REBUILT, 'public')}) made
      WHERE live.id = made.id AND (live.enabled, live.ended) <> (made.enabled, made.ended)`,
  },
};

/** Makes the flags that node rules set again from the outcomes. */
export async function rebuildLives(settings: ConfigSettings): Promise<RebuildReport> {
  // Without the events that Kafka no longer keeps, an enabled voucher would lose its flag.
  if (!settings.clientSecret)
    throw new Error('OIDC_CLIENT_SECRET is needed: the ledger is asked for outcomes that Kafka no longer keeps');
  const logger = createLogger(settings);
  return rebuild({
    kafka: connectKafka({ ...settings.kafka, clientId: settings.group(), logger }),
    logger,
    topic: settings.topics.outcomes,
    groupId: settings.group(`rebuild.${randomUUID()}`),
    databaseUrl: settings.ownerUrl,
    projection: LIVES,
    ledger: new LedgerApi(settings.ledgerAccess),
    tables: [VOUCHERS, { name: 'parked_vouchers' }],
  });
}
