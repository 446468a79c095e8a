import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Simulation, SimulationListed, Voucher } from '@vouchers/contracts';
import { useState } from 'react';
import { problemFrom } from '../api/api-problem.ts';
import { voucherQuery } from '../api/queries.ts';
import { whatIfFilters } from '../app/filters.ts';
import { usePreferences } from '../app/preferences.ts';
import { actorWords } from '../parts/actor.ts';
import { Button } from '../parts/button.tsx';
import { formatCount } from '../parts/money.ts';
import { formatMoment, VIEWER_ZONE } from '../parts/moment.ts';
import { PermittedButton, scopesToChange } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { readDraft } from '../voucher-editor/draft/kept-draft.ts';
import { Result } from './result.tsx';
import {
  cancelOrRemove,
  differencesQuery,
  isOver,
  simulate,
  simulationQuery,
  simulationsQuery,
} from './simulations.ts';
import { useWhatIfWords } from './what-if-words.ts';
import './what-if.css';

/** `/vouchers/{id}/what-if?simulation=`: what another spec would have done to what really happened. */
export function WhatIfPage() {
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { simulation } = whatIfFilters({ ...useSearch({ strict: false }) });
  const { data } = useQuery(voucherQuery(id));
  if (!data) return <Placeholder rows={3} height={96} />;
  return simulation ? <Asked key={simulation} id={simulation} voucher={data.value} /> : <Asking voucher={data.value} />;
}

/** The way to ask, and what was asked before. */
function Asking({ voucher }: { voucher: Voucher }) {
  const words = useWhatIfWords();
  const navigate = useNavigate();
  const { id, state, team } = voucher;
  const found = useQuery(simulationsQuery(id));
  const [kept] = useState(() => readDraft(id));
  const [asking, setAsking] = useState<{ error?: unknown }>();
  const ask = (): void => {
    setAsking({});
    simulate(id, kept!.spec).then(
      ({ id: simulation }) => void navigate({ to: '/vouchers/$id/what-if', params: { id }, search: { simulation } }),
      (error: unknown) => setAsking({ error }),
    );
  };
  const { items } = found.data ?? {};
  return (
    <div className="stack">
      <section className="panel stack">
        <h2>{words('title')}</h2>
        <p>{words('intro')}</p>
        {asking?.error !== undefined && <Problem error={problemFrom(asking.error)} onRetry={ask} />}
        <div className="row">
          {kept && (
            <>
              <span>{words('draft')}</span>
              <PermittedButton
                scope="ledger:read"
                type="primary"
                loading={asking !== undefined && asking.error === undefined}
                onClick={ask}
              >
                {words('ask')}
              </PermittedButton>
            </>
          )}
          <PermittedButton
            scope={scopesToChange(state)}
            team={team}
            type={kept ? 'default' : 'primary'}
            onClick={() => void navigate({ to: '/vouchers/$id/edit', params: { id } })}
          >
            {words('edit')}
          </PermittedButton>
        </div>
      </section>
      <section className="panel stack">
        <h2>{words('earlier')}</h2>
        {found.error && <Problem error={found.error} onRetry={() => void found.refetch()} persistent />}
        {!items && !found.error && <Placeholder rows={3} height={28} />}
        {items?.length === 0 && <p className="muted">{words('none')}</p>}
        {items && items.length > 0 && (
          <ul className="what-if-list">
            {items.map((one) => (
              <li key={one.id}>
                <AskedLine asked={one as SimulationListed} />{' '}
                <Link
                  to="/vouchers/$id/what-if"
                  params={{ id }}
                  search={{ simulation: one.id }}
                  aria-label={words('open', { at: formatMoment(one.at, 'minute', VIEWER_ZONE) })}
                >
                  {words('show')}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function AskedLine({ asked: { state, at, by, until } }: { asked: Omit<SimulationListed, 'unpriced'> }) {
  const words = useWhatIfWords();
  return (
    <span>
      <strong>{words(`state.${state}`)}</strong>{' '}
      <span className="muted">
        <bdi>{words('asked', { at: formatMoment(at, 'minute', VIEWER_ZONE), by: actorWords(by).who })}</bdi>
        {until && ` · ${words('until', { at: formatMoment(until, 'minute', VIEWER_ZONE) })}`}
      </span>
    </span>
  );
}

/** One simulation: its progress, or its result. */
function Asked({ id, voucher }: { id: string; voucher: Voucher }) {
  const words = useWhatIfWords();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(simulationQuery(id));
  const [failure, setFailure] = useState<unknown>();
  const back = (): Promise<void> => navigate({ to: '/vouchers/$id/what-if', params: { id: voucher.id } });
  const stop = (): void => {
    cancelOrRemove(id).then(
      async () => {
        await queries.invalidateQueries({ queryKey: simulationsQuery(voucher.id).queryKey });
        if (data && isOver(data)) await back();
        else await refetch();
      },
      (problem: unknown) => setFailure(problem),
    );
  };
  if (!data)
    return error ? (
      <Problem error={error} onRetry={() => void refetch()} persistent />
    ) : (
      <Placeholder rows={3} height={96} />
    );
  return (
    <div className="stack">
      <div className="row spread">
        <div className="row">
          <Link to="/vouchers/$id/what-if" params={{ id: voucher.id }}>
            ‹ {words('back')}
          </Link>
          <AskedLine asked={data} />
        </div>
        <div className="row">
          <Button size="small" onClick={stop}>
            {words(isOver(data) ? 'remove' : 'cancel')}
          </Button>
          {data.state === 'done' && (
            <PermittedButton
              scope={scopesToChange(voucher.state)}
              team={voucher.team}
              type="primary"
              onClick={() =>
                void navigate({ to: '/vouchers/$id/edit', params: { id: voucher.id }, search: { simulation: id } })
              }
            >
              {words('save')}
            </PermittedButton>
          )}
        </div>
      </div>
      {failure !== undefined && <Problem error={problemFrom(failure)} onRetry={stop} />}
      {error && <Problem error={error} onRetry={() => void refetch()} persistent />}
      {data.state === 'done' ? <Done simulation={data} voucher={voucher} /> : <Unfinished simulation={data} />}
    </div>
  );
}

function Done({ simulation, voucher }: { simulation: Simulation; voucher: Voucher }) {
  const [chosen, setChosen] = useState({});
  const differences = useInfiniteQuery(differencesQuery(simulation.id, chosen));
  return (
    <Result simulation={simulation} voucher={voucher} chosen={chosen} onChoose={setChosen} differences={differences} />
  );
}

function Unfinished({ simulation: { state, progress, failure } }: { simulation: Simulation }) {
  const words = useWhatIfWords();
  const { language } = usePreferences();
  const count = (number: number): string => formatCount(number, language);
  const event = failure?.event;
  return (
    <section className="panel stack what-if">
      <p role="status">
        <strong>{words(`state.${state}`)}</strong>
      </p>
      {(state === 'running' || state === 'queued') && (
        <>
          <progress max={Math.max(progress.of, 1)} value={progress.done} aria-label={words(`state.${state}`)} />
          <p className="muted">{words('progress', { done: count(progress.done), of: count(progress.of) })}</p>
        </>
      )}
      {failure && (
        <>
          <p className="bad">
            {words(`failed.${failure.why}`, {
              event: event ? `${event.seq} · ${formatMoment(event.at, 'second', VIEWER_ZONE)}` : '',
            })}
          </p>
          <p className="muted">{failure.detail}</p>
          {event?.submissionId && (
            <Link to="/decisions/$submissionId" params={{ submissionId: event.submissionId }}>
              {event.submissionId}
            </Link>
          )}
        </>
      )}
    </section>
  );
}
