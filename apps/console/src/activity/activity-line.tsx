import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from '../parts/button.tsx';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { versionQuery } from '../api/queries.ts';
import type { Activity } from '../api/answers.ts';
import { DifferenceTable } from '../parts/difference-table.tsx';
import { differences } from '../parts/difference.ts';
import { Moment } from '../parts/moment-text.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { VoucherName } from '../parts/voucher-name.tsx';
import { useFieldName } from '../voucher-editor/draft/field-names.ts';

/** One action of somebody. A change of a voucher can be expanded to show its fields. */
export function ActivityLine({ item }: { item: Activity }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { at, by, byName, action, voucherId, slug, version } = item;
  const actions = t('screens.activity.actions', { returnObjects: true });
  return (
    <li>
      <div className="activity-line">
        <Moment at={at} precision="second" />
        <bdi title={byName && by}>{byName ?? by}</bdi>
        <span>{actions[action] ?? action}</span>
        <span className="activity-object">
          {voucherId && <VoucherName id={voucherId} />}
          {slug && (
            <Link to="/pages/$slug" params={{ slug }}>
              <bdi>{slug}</bdi>
            </Link>
          )}{' '}
          <span className="muted">v{version}</span>
        </span>
        {voucherId && action === 'change' && (
          <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'screens.activity.hideDiff' : 'screens.activity.diff')}
          </Button>
        )}
      </div>
      {open && voucherId && <Change voucherId={voucherId} version={version} />}
    </li>
  );
}

function Change({ voucherId, version }: { voucherId: string; version: number }) {
  const nameOf = useFieldName();
  const [before, after] = [useQuery(versionQuery(voucherId, version - 1)), useQuery(versionQuery(voucherId, version))];
  const error = before.error ?? after.error;
  if (error) return <Problem error={error} onRetry={() => void Promise.all([before.refetch(), after.refetch()])} />;
  if (!before.data || !after.data) return <Placeholder rows={2} />;
  return <DifferenceTable differences={differences(before.data.spec, after.data.spec)} nameOf={nameOf} />;
}
