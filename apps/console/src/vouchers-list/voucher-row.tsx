import { Icon } from '../parts/icon.tsx';
import type { Counters, Voucher } from '@vouchers/contracts';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import type { Attention } from '../app/filters.ts';
import { attentionOf } from '../parts/attention.ts';
import { AttentionTags } from '../parts/attention-tags.tsx';
import { useSelection } from './selection.ts';
import { FunnelSpark } from '../parts/funnel-spark.tsx';
import { refusedIn } from '../parts/funnel.ts';
import { Labels } from '../parts/labels.tsx';
import { formatCount } from '../parts/money.ts';
import { Moment } from '../parts/moment-text.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { TimeEdge } from '../parts/time-edge.tsx';
import { VoucherAction } from '../voucher-detail/voucher-action.tsx';

/** A row of the list: one voucher with its actions. */
interface Props {
  voucher: Voucher;
  counters: Counters | undefined;
  /** As the ledger judged it, if it was asked. */
  attention: readonly Attention[] | undefined;
}

export function VoucherRow({ voucher, counters, attention }: Props) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { id, labels, windows, quantities, state } = voucher;
  const name = voucher.name.trim() || t('terms.unnamed');
  const count = (value: number): string => formatCount(value, language);
  const refused = counters ? refusedIn(counters) : undefined;
  const selection = useSelection();
  const needs = new Set([...attentionOf(voucher, counters, Date.now()), ...(attention ?? [])]);
  return (
    <>
      {selection && (
        <span role="cell" className="voucher-chosen">
          <input
            type="checkbox"
            aria-label={t('screens.list.choose', { name })}
            checked={selection.chosen.has(id)}
            onChange={({ target }) => selection.choose([voucher], target.checked)}
          />
        </span>
      )}
      <span role="cell" className="voucher-name">
        <Link to="/vouchers/$id" params={{ id }} title={name}>
          <bdi>{name}</bdi>
        </Link>
        <span className="voucher-labels">
          <Labels labels={labels} />
        </span>
      </span>
      <span role="cell" className="voucher-state">
        <span className="row">
          <StateTag state={state} />
          <AttentionTags of={[...needs]} />
        </span>
        <TimeEdge voucher={voucher} />
      </span>
      <span role="cell" className="voucher-funnel">
        {state !== 'draft' && <FunnelSpark counters={counters} />}
      </span>
      <span role="cell" className="number" data-column={t('screens.list.stock')}>
        {quantities.claim === null
          ? t('terms.unlimited')
          : `${counters?.free == null ? '–' : count(counters.free)} / ${count(quantities.claim)}`}
      </span>
      <span role="cell" className="number" data-column={t('terms.count.refused')}>
        {refused === undefined ? '–' : count(refused)}
      </span>
      <span role="cell" data-column={t('screens.list.ends')}>
        <Moment at={windows.valid.to} zone={windows.timeZone} /> <small className="muted">{windows.timeZone}</small>
      </span>
      <span role="cell" className="voucher-actions">
        <RowActions voucher={voucher} />
      </span>
    </>
  );
}

function RowActions({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'pause' | 'resume'>();
  const { id, team, state } = voucher;
  const name = voucher.name.trim() || t('terms.unnamed');
  const action = state === 'paused' ? 'resume' : 'pause';
  return (
    <>
      {(state === 'published' || state === 'enabled' || state === 'paused') && (
        <PermittedButton
          scope="vouchers:publish"
          team={team}
          icon={action === 'pause' ? <Icon of="Pause" /> : <Icon of="Play" />}
          aria-label={t(`screens.list.${action}`, { name })}
          title={t(`voucher.${action}`)}
          onClick={() => setAsked(action)}
        />
      )}
      <PermittedButton
        scope="vouchers:write"
        icon={<Icon of="Copy" />}
        aria-label={t('screens.list.copy', { name })}
        title={t('voucher.copy')}
        onClick={() => void navigate({ to: '/vouchers/new', search: { copy: id } })}
      />
      {asked && <VoucherAction voucher={voucher} action={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}
