// The users who get something by the change, and those who lose something by it, each with both traces.
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { SimulationDifference, Voucher } from '@vouchers/contracts';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../parts/button.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { formatMoment } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { outcomeOf, useOutcome } from './outcome.ts';
import { effectOf, type Chosen, type DifferencePage } from './simulations.ts';
import { useWhatIfWords } from './what-if-words.ts';

const Traces = lazy(() => import('./traces.tsx'));

interface Props {
  differences: UseInfiniteQueryResult<InfiniteData<DifferencePage>>;
  voucher: Voucher;
  /** The differences that were not kept. */
  more: number;
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
}

export function Concerned({ differences, voucher, more, chosen, onChoose }: Props) {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  const [opened, setOpened] = useState<SimulationDifference>();
  const { data, error, refetch, hasNextPage } = differences;
  const all = data?.pages.flatMap(({ items }) => items);
  const only = [chosen.class && words(`class.${chosen.class}`), chosen.reason && t(`reasons.staff.${chosen.reason}`)];
  const what = only.filter(Boolean).join(' · ');
  const zone = voucher.windows.timeZone;
  return (
    <section className="panel stack">
      <div className="row spread">
        <div className="row">
          <h2>{words('who')}</h2>
          <span className="muted">{words('zone', { zone })}</span>
        </div>
        {what && (
          <span className="row" role="status">
            {words('onlyThese', { what })}
            <Button size="small" onClick={() => onChoose({})}>
              {words('all')}
            </Button>
          </span>
        )}
      </div>
      {error && <Problem error={error} onRetry={() => void refetch()} persistent />}
      {!all && !error && <Placeholder rows={4} height={28} />}
      {all && (
        <>
          <div className="what-if-pair">
            {(['wins', 'loses', 'others'] as const).map((effect) => {
              const found = all.filter((one) => effectOf(one) === effect);
              if (effect === 'others' && found.length === 0) return null;
              return (
                <div key={effect} className={effect === 'others' ? 'what-if-wide' : ''}>
                  <h3>{words(effect)}</h3>
                  {found.length === 0 ? (
                    <p className="muted">{words(hasNextPage ? 'nobodyYet' : 'nobody')}</p>
                  ) : (
                    <Differences title={words(effect)} differences={found} zone={zone} onOpen={setOpened} />
                  )}
                </div>
              );
            })}
          </div>
          <LoadMore of={differences} />
          {more > 0 && !hasNextPage && <p className="muted">{words('more', { count: more })}</p>}
        </>
      )}
      {opened && (
        <Suspense>
          <Traces difference={opened} voucher={voucher} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

interface TableProps {
  title: string;
  differences: readonly SimulationDifference[];
  zone: string;
  onOpen(difference: SimulationDifference): void;
}

function Differences({ title, differences, zone, onOpen }: TableProps) {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  const outcome = useOutcome();
  return (
    <div className="scrolls what-if-differences" tabIndex={0} role="region" aria-label={title}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{words('user')}</th>
            <th scope="col">{words('when')}</th>
            <th scope="col">
              {words('was')} → {words('would')}
            </th>
            <th scope="col">{words('className')}</th>
            <th scope="col">{words('traces')}</th>
          </tr>
        </thead>
        <tbody>
          {differences.map((one) => {
            const when = formatMoment(one.at, 'second', zone);
            return (
              <tr key={one.submissionId}>
                <th scope="row">
                  <bdi>{one.userId ?? '–'}</bdi>
                </th>
                <td>{when}</td>
                <td>
                  <span className="muted">{t(`terms.kind.${one.kind}`)}</span> {outcome(outcomeOf(one.was))} →{' '}
                  {outcome(outcomeOf(one.would))}
                </td>
                <td>{words(`class.${one.class}`)}</td>
                <td>
                  <Button
                    size="small"
                    aria-label={`${words('show')}: ${words('tracesOf', { who: one.userId ?? one.submissionId, when })}`}
                    onClick={() => onOpen(one)}
                  >
                    {words('show')}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
