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
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { CsvButton } from '../parts/csv-button.tsx';
import { PastBanner } from './past-banner.tsx';
import { proofCsv } from './counters-csv.ts';
import { useProofFaults, useProofWords } from './proof-words.ts';

const HOW = ['equation', 'events', 'chain', 'audit'] as const;

/** `/vouchers/{id}/proof?at=`: proves from the events that each unit is in exactly one state. */
export function ProofPage() {
  const words = useProofWords();
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
      {at && <PastBanner at={at} zone={data?.value.windows.timeZone ?? 'UTC'} />}
      {proof.error && <Problem error={proof.error} onRetry={() => void proof.refetch()} persistent />}
      {proof.data ? <Equation proof={proof.data} /> : !proof.error && <Placeholder rows={2} height={160} />}
      <div className="row">
        <Button loading={proof.isFetching} onClick={() => (full ? void proof.refetch() : setFull(true))}>
          {words('view.full')}
        </Button>
        {proof.data && (
          <CsvButton
            name={`proof-${id}`}
            lines={() =>
              proofCsv(
                proof.data,
                HOW.map((step) => words(`view.how.${step}`)),
              )
            }
          />
        )}
        <span role="status">{full && proof.isSuccess && !proof.isFetching && words('view.fullDone')}</span>
      </div>
    </div>
  );
}

function Equation({ proof }: { proof: Proof }) {
  const { t } = useTranslation();
  const words = useProofWords();
  const { language } = usePreferences();
  const { holds, claimQuantity, projected, head, replayed } = proof;
  const count = (value: number | null): string =>
    value === null ? t('terms.unlimited') : formatCount(value, language);
  return (
    <section className="panel stack">
      <h2>{words('view.title')}</h2>
      <p className={`proof-line ${holds ? 'holds' : 'fails'}`} role="status">
        {holds ? '✓ ' : '✗ '}
        {words(holds ? 'view.holds' : 'view.fails')}
      </p>
      <p className="equation">
        {claimQuantity === null
          ? words('view.unlimited')
          : `${count(claimQuantity)} = ${UNIT_COUNTS.map((unit) => `${t(`terms.count.${unit}`)} ${count(proof[unit])}`).join(' + ')}`}
      </p>
      <div className="scrolls narrow">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{words('view.count')}</th>
              <th scope="col" className="number">
                {words('view.recomputed')}
              </th>
              <th scope="col" className="number">
                {words('view.kept')}
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
                <td>{words(proof[unit] === projected[unit] ? 'view.agrees' : 'view.differs')}</td>
              </tr>
            ))}
            {EVENT_COUNTS.map((key) => (
              <tr key={key}>
                <th scope="row">{t(`terms.count.${key}`)}</th>
                <td className="number muted">–</td>
                <td className="number">{count(projected[key])}</td>
                <td className="muted">{words('view.notCompared')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Checks checks={proof.checks} />
      <p className="muted">
        {words('view.head')} {head.partition}/{head.seq} · {words('view.replayed')} {replayed.after + 1}–
        {replayed.until}
      </p>
      {proof.chain && <Chain chain={proof.chain} />}
    </section>
  );
}

function Checks({ checks }: Pick<Proof, 'checks'>) {
  const words = useProofWords();
  const faultsOf = useProofFaults();
  return (
    <>
      <h3>{words('view.checks')}</h3>
      <ul className="proof-checks">
        {checks.map((made) => (
          <li key={made.check}>
            {made.passed ? '✓ ' : '✗ '}
            {words(`view.check.${made.check}`)}
            {faultsOf(made).map((fault) => (
              <p key={fault}>{fault}</p>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Chain({ chain: { seq, hash, attestedFrom, published } }: { chain: NonNullable<Proof['chain']> }) {
  const words = useProofWords();
  return (
    <p className="muted chain">
      {words('view.chain')} {seq}: <code>{hash}</code>
      <br />
      {attestedFrom === null ? words('view.unattested') : `${words('view.attestedFrom')} ${attestedFrom}`}
      {published && (
        <>
          <br />
          {words('view.published')} {published.seq}: <code>{published.hash}</code>,{' '}
          {formatMoment(published.at, 'second')} {VIEWER_ZONE}
        </>
      )}
    </p>
  );
}
