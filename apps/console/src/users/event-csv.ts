import { csvLine, type EventRow } from '@vouchers/contracts';

const COLUMNS = ['at', 'voucherId', 'type', 'reason', 'claimId', 'orderId', 'by', 'comment', 'submissionId', 'place'];

/** Events of several vouchers as CSV. */
export const eventCsv = (events: readonly EventRow[]): string =>
  csvLine(COLUMNS) +
  events
    .map(({ at, voucherId, type, data, submissionId, partition, seq }) =>
      csvLine([
        at,
        voucherId,
        type,
        data.reason,
        data.claim?.id ?? data.redemption?.claimId,
        data.redemption?.order.id,
        data.by?.sub,
        data.comment,
        submissionId,
        `${partition}/${seq}`,
      ]),
    )
    .join('');
