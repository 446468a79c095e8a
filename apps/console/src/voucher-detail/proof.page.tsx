import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import type { Proof } from '@vouchers/contracts';
import { Button } from '../parts/button.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { proofFilters } from '../app/filters.ts';
import { answer, services } from '../api/api.ts';
import { voucherQuery } from '../api/queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { EVENT_COUNTS, UNIT_COUNTS } from '../parts/counters.ts';
import { formatCount } from '../parts/money.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { AsOf } from './as-of.tsx';
import { proofCsv } from './counters-csv.ts';

const HOW = ['equation', 'events', 'chain', 'audit'] as const;

/** `/vouchers/{id}/proof?at=`: proves from the events that each unit is in exactly one state. */
export function ProofPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { at } = proofFilters({ ...useSearch({ from: '/frame/vouchers/$id/proof' }) });
  const [full, setFull] = useState(false);
  const { data } = useQuery(voucherQuery(id));
  const proof = useQuery({
    queryKey: ['proof', id, at, full],
    queryFn: () =>
      answer(
        services().ledger.GET('/v1/vouchers/{id}/proof', {
          params: { path: { id }, query: { at, full: full ? 'true' : undefined } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="stack">
      <AsOf key={at} at={at} zone={data?.value.windows.timeZone ?? 'UTC'} />
      {proof.error && <Problem error={proof.error} onRetry={() => void proof.refetch()} />}
      {proof.data ? <Equation proof={proof.data} /> : !proof.error && <Placeholder rows={2} height={160} />}
      <div className="row">
        <Button loading={proof.isFetching} onClick={() => (full ? void proof.refetch() : setFull(true))}>
          {t('voucher.proofView.full')}
        </Button>
        {proof.data && (
          <CsvButton
            name={`proof-${id}`}
            lines={() =>
              proofCsv(
                proof.data,
                HOW.map((step) => t(`voucher.proofView.how.${step}`)),
              )
            }
          />
        )}
        <span role="status">{full && proof.isSuccess && !proof.isFetching && t('voucher.proofView.fullDone')}</span>
      </div>
    </div>
  );
}

function Equation({ proof }: { proof: Proof }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { holds, claimQuantity, projected, head, replayed } = proof;
  const count = (value: number | null): string =>
    value === null ? t('terms.unlimited') : formatCount(value, language);
  return (
    <section className="panel stack">
      <h2>{t('voucher.proofView.title')}</h2>
      <p className={`proof-line ${holds ? 'holds' : 'fails'}`} role="status">
        {holds ? '✓ ' : '✗ '}
        {t(holds ? 'voucher.proofView.holds' : 'voucher.proofView.fails')}
      </p>
      <p className="equation">
        {claimQuantity === null
          ? t('voucher.proofView.unlimited')
          : `${count(claimQuantity)} = ${UNIT_COUNTS.map((unit) => `${t(`terms.count.${unit}`)} ${count(proof[unit])}`).join(' + ')}`}
      </p>
      <div className="scrolls narrow">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('voucher.proofView.count')}</th>
              <th scope="col" className="number">
                {t('voucher.proofView.recomputed')}
              </th>
              <th scope="col" className="number">
                {t('voucher.proofView.kept')}
              </th>
              <th scope="col" />
            </tr>
          </thead>
          <tbody>
            {UNIT_COUNTS.map((unit) => (
              <tr key={unit}>
                <th scope="row">{t(`terms.count.${unit}`)}</th>
                <td className="number">{count(proof[unit])}</td>
                <td className="number">{count(projected[unit])}</td>
                <td>{t(proof[unit] === projected[unit] ? 'voucher.proofView.agrees' : 'voucher.proofView.differs')}</td>
              </tr>
            ))}
            {EVENT_COUNTS.map((key) => (
              <tr key={key}>
                <th scope="row">{t(`terms.count.${key}`)}</th>
                <td className="number muted">–</td>
                <td className="number">{count(projected[key])}</td>
                <td className="muted">{t('voucher.proofView.notCompared')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Checks checks={proof.checks} />
      <p className="muted">
        {t('voucher.proofView.head')} {head.partition}/{head.seq} · {t('voucher.proofView.replayed')}{' '}
        {replayed.after + 1}–{replayed.until}
      </p>
      {proof.chain && <Chain chain={proof.chain} />}
    </section>
  );
}

function Checks({ checks }: Pick<Proof, 'checks'>) {
  const { t } = useTranslation();
  return (
    <>
      <h3>{t('voucher.proofView.checks')}</h3>
      <ul>
        {checks.map(({ check, passed, faults = [] }) => (
          <li key={check}>
            {passed ? '✓ ' : '✗ '}
            {t(`voucher.proofView.check.${check}`)}
            {faults.map((fault) => (
              <p key={fault}>{fault}</p>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Chain({ chain: { seq, hash, attestedFrom, published } }: { chain: NonNullable<Proof['chain']> }) {
  const { t } = useTranslation();
  return (
    <p className="muted">
      {t('voucher.proofView.chain')} {seq}: <code>{hash}</code>
      <br />
      {attestedFrom === null
        ? t('voucher.proofView.unattested')
        : `${t('voucher.proofView.attestedFrom')} ${attestedFrom}`}
      {published && (
        <>
          <br />
          {t('voucher.proofView.published')} {published.seq}: <code>{published.hash}</code>, {published.at}
        </>
      )}
    </p>
  );
}
