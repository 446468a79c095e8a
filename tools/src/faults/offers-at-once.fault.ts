// Very many claims end at one instant while as many users wait, and the ledger is killed half way.
import { CLAIMS, counts, DUE_AFTER_MS, published, submitAll, WITHIN_MS } from './due-at-once.fault.ts';
import type { Fault } from './fault.ts';

export const OFFERS_AT_ONCE: Fault = {
  name: 'offers-at-once',
  title: `${CLAIMS.toLocaleString('en')} claims expire with ${CLAIMS.toLocaleString('en')} waiting, and the ledger is killed half way, twice`,
  inject: async (stage) => {
    const { services } = stage;
    const until = new Date(Date.now() + 2 * DUE_AFTER_MS).toISOString();
    const valid = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
    const pool = { quantities: { claim: CLAIMS }, waitingList: { offerFor: 'P30D' } };
    const windows = { timeZone: 'UTC', valid, use: { from: valid.from, to: until } };
    const { voucher, partition } = await published(stage, { windows, ...pool });
    await submitAll(stage, voucher, partition, 'claim');
    if (!(await counts(stage, voucher, 'claimed', 1))) return [`I8: not all were claimed within ${WITHIN_MS} ms`];
    // Units can be used after that instant, so what comes back can be offered.
    const spec = { name: 'all at once', resourceType: 'coupon', nodes: { claim: { perUser: null } }, ...pool };
    const body = { ...spec, windows: { timeZone: 'UTC', valid } };
    const path = `/v1/vouchers/${voucher.id}`;
    const edited = await stage.account.send({ service: 'config', method: 'PUT', path, body, answers: [] });
    if (edited.status !== 200) return [`the edit was answered ${edited.status}`];
    await submitAll(stage, voucher, partition, 'join');
    if (!(await counts(stage, voucher, 'joined', 1))) return [`I8: not all waited within ${WITHIN_MS} ms`];
    for (const share of [0.3, 0.6]) {
      if (!(await counts(stage, voucher, 'offered', share)))
        return [`I8: not ${share * 100} % of them had an offer within ${WITHIN_MS} ms`];
      await services.kill('ledger');
      await services.restart('ledger');
    }
    return (await counts(stage, voucher, 'offered', 1)) ? [] : [`I8: not all had an offer within ${WITHIN_MS} ms`];
  },
};
