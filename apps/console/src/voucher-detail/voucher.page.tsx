import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Voucher } from '@vouchers/contracts';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { voucherQuery } from '../api/queries.ts';
import { detailFilters } from '../app/filters.ts';
import { useTitle } from '../app/title.ts';
import { Labels } from '../parts/labels.tsx';
import { PermittedButton, scopesToChange } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { TimeEdge } from '../parts/time-edge.tsx';
import { AddToPage } from './add-to-page.tsx';
import { DeleteDraft } from './delete-draft.tsx';
import { VoucherAction, type Action } from './voucher-action.tsx';
import { useVoucherAt } from './voucher-at.ts';
import { useViewWords } from './view-words.ts';
import { useWaitingWords } from './waiting-words.ts';
import { ZoneClock } from './zone-clock.tsx';
import './voucher.css';

/** It converts times between zones, and the library for that is large. */
const AsOf = lazy(async () => ({ default: (await import('./as-of.tsx')).AsOf }));

/** The views that show past moments. */
const PAST_VIEWS = ['overview', 'proof'];
/** Short enough that effects of node rules appear soon. */
const EVERY_MS = 5_000;

/** `/vouchers/{id}`: the head of a voucher with its actions, and its views below. */
export function VoucherPage() {
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const { at } = detailFilters({ ...useSearch({ strict: false }) });
  const { data, error, refetch } = useQuery({ ...voucherQuery(id), refetchInterval: EVERY_MS });
  const then = useVoucherAt(id, at);
  useTitle(data?.value.name);
  if (!data)
    return error ? (
      <Problem error={error} onRetry={() => void refetch()} persistent />
    ) : (
      <Placeholder rows={5} height={72} />
    );
  return (
    <div className="stack">
      <VoucherHead
        voucher={at !== undefined && then.is === 'found' ? then.voucher : data.value}
        current={data.value}
        at={at}
      />
      {error && <Problem error={error} onRetry={() => void refetch()} persistent />}
      <Outlet />
    </div>
  );
}

interface HeadProps {
  /** The voucher as it was at the moment that is shown. */
  voucher: Voucher;
  current: Voucher;
  at: string | undefined;
}

function VoucherHead({ voucher, current, at }: HeadProps) {
  const words = useWaitingWords();
  const views = useViewWords();
  const { t } = useTranslation();
  const view = useLocation().pathname.split('/')[3] || 'overview';
  const { id, name, version, state, windows, labels } = voucher;
  return (
    <header className="stack voucher-page-head">
      <div className="row spread">
        <div className="row">
          <h1>
            <bdi>{name.trim() || t('terms.unnamed')}</bdi>
          </h1>
          <StateTag state={state} />
          <span className="muted">v{version}</span>
          {at === undefined && <TimeEdge voucher={voucher} />}
        </div>
        <Actions voucher={current} />
      </div>
      <div className="row">
        <ZoneClock timeZone={windows.timeZone} />
        <Labels labels={labels} />
      </div>
      <div className="row spread views-row">
        <nav className="views" aria-label={t('voucher.views')}>
          <Link to="/vouchers/$id" params={{ id }} activeOptions={{ exact: true, includeSearch: false }}>
            {t('voucher.overview')}
          </Link>
          <Link to="/vouchers/$id/events" params={{ id }}>
            {t('voucher.events')}
          </Link>
          <Link to="/vouchers/$id/usage" params={{ id }}>
            {t('voucher.usage')}
          </Link>
          {voucher.waitingList && (
            <Link to="/vouchers/$id/waiting-list" params={{ id }}>
              {words('counts')}
            </Link>
          )}
          <Link to="/vouchers/$id/versions" params={{ id }}>
            {t('voucher.versions')}
          </Link>
          {voucher.state !== 'draft' && (
            <Link to="/vouchers/$id/what-if" params={{ id }}>
              {views('whatIf')}
            </Link>
          )}
          <Link to="/vouchers/$id/proof" params={{ id }}>
            {t('voucher.proof')}
          </Link>
        </nav>
        {PAST_VIEWS.includes(view) && (
          <Suspense fallback={<div className="as-of" />}>
            <AsOf key={at} at={at} zone={current.windows.timeZone} />
          </Suspense>
        )}
      </div>
    </header>
  );
}

/** The actions in each state of a voucher, the usual one first. */
const ACTIONS: Record<Voucher['state'], readonly Action[]> = {
  draft: ['publish', 'terminate'],
  published: ['pause', 'terminate'],
  enabled: ['pause', 'terminate'],
  paused: ['resume', 'terminate'],
  terminated: [],
};

function Actions({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Action>();
  const { id, team, state } = voucher;
  return (
    <div className="row">
      {state !== 'terminated' && (
        <PermittedButton
          scope={scopesToChange(state)}
          team={team}
          onClick={() => void navigate({ to: '/vouchers/$id/edit', params: { id } })}
        >
          {t('voucher.edit')}
        </PermittedButton>
      )}
      <PermittedButton
        scope="vouchers:write"
        onClick={() => void navigate({ to: '/vouchers/new', search: { copy: id } })}
      >
        {t('voucher.copy')}
      </PermittedButton>
      {state !== 'terminated' && <AddToPage voucher={voucher} />}
      {ACTIONS[state].map((action) => (
        <PermittedButton
          key={action}
          scope="vouchers:publish"
          team={team}
          danger={action === 'terminate'}
          type={action === 'publish' || action === 'resume' ? 'primary' : 'default'}
          onClick={() => setAsked(action)}
        >
          {t(`voucher.${action}`)}
        </PermittedButton>
      ))}
      {state === 'draft' && <DeleteDraft voucher={voucher} />}
      {asked && <VoucherAction voucher={voucher} action={asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
