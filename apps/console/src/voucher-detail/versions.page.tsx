import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Select } from 'antd';
import { Button } from '../parts/button.tsx';
import { useTranslation } from 'react-i18next';
import { versionsFilters } from '../app/filters.ts';
import { answer, services } from '../api/api.ts';
import type { Version } from '../api/answers.ts';
import { DifferenceTable } from '../parts/difference-table.tsx';
import { differences } from '../parts/difference.ts';
import { usePreferences } from '../app/preferences.ts';
import { VIEWER_ZONE } from '../parts/moment.ts';
import { Moment } from '../parts/moment-text.tsx';
import { LoadMore } from '../parts/load-more.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { versionQuery } from '../api/queries.ts';
import { useVersionWords } from './version-words.ts';
import { VersionsInFull } from './versions-in-full.tsx';
import { useFieldName } from '../voucher-editor/draft/field-names.ts';

/** `/vouchers/{id}/versions?from=&to=`: the voucher's versions, and a comparison of two of them. */
export function VersionsPage() {
  const { t } = useTranslation();
  const words = useVersionWords();
  const { id } = useParams({ from: '/frame/vouchers/$id' });
  const chosen = versionsFilters({ ...useSearch({ from: '/frame/vouchers/$id/versions' }) });
  const navigate = useNavigate();
  const found = useInfiniteQuery({
    queryKey: ['voucher-versions', id],
    queryFn: ({ pageParam }) =>
      answer(
        services().config.GET('/v1/vouchers/{id}/versions', {
          params: { path: { id }, query: { limit: 50, after: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  const versions = found.data?.pages.flatMap(({ items }) => items);
  if (!versions) {
    return found.error ? (
      <Problem error={found.error} onRetry={() => void found.refetch()} persistent />
    ) : (
      <Placeholder rows={6} height={48} />
    );
  }
  const newest = versions[0]!.version;
  const to = chosen.to ?? newest;
  const from = chosen.from ?? Math.max(1, to - 1);
  const inFull = chosen.view === 'full';
  const compare = (search: { from: number; to: number; view?: 'full' }): void =>
    void navigate({ to: '/vouchers/$id/versions', params: { id }, search, replace: true, resetScroll: false });
  return (
    <div className={`version-grid ${inFull ? 'in-full' : ''}`}>
      <section className="panel">
        <div className="row spread">
          <h2>{words('list')}</h2>
          <span className="muted">{words('zone', { zone: VIEWER_ZONE })}</span>
        </div>
        <ol className="version-list">
          {versions.map((version) => (
            <li key={version.version}>
              <VersionLine version={version} />
              <div className="row">
                {version.version > 1 && (
                  <Button
                    size="small"
                    aria-label={`${words('compare')} v${version.version - 1} – v${version.version}`}
                    onClick={() => compare({ from: version.version - 1, to: version.version })}
                  >
                    {words('compare')}
                  </Button>
                )}
                <Button
                  size="small"
                  aria-label={words('show', { version: version.version })}
                  onClick={() => compare({ from, to: version.version, view: 'full' })}
                >
                  {t('voucher.show')}
                </Button>
              </div>
            </li>
          ))}
        </ol>
        <LoadMore of={found} />
      </section>
      <section className="panel stack">
        {inFull ? (
          <VersionsInFull id={id} version={to} />
        ) : (
          <>
            <div className="row">
              <VersionChoice
                label={words('from')}
                newest={newest}
                value={from}
                onChange={(value) => compare({ from: value, to })}
              />
              <VersionChoice
                label={words('to')}
                newest={newest}
                value={to}
                onChange={(value) => compare({ from, to: value })}
              />
            </div>
            <Comparison id={id} from={from} to={to} />
          </>
        )}
      </section>
    </div>
  );
}

function VersionLine({ version: { version, by, byName, at, intent, changed } }: { version: Version }) {
  const { t } = useTranslation();
  const words = useVersionWords();
  const { language } = usePreferences();
  const fieldName = useFieldName();
  const fields = [...new Set(changed.map(fieldName))].join(language === 'en' ? ', ' : '、');
  return (
    <>
      <div className="row">
        <strong>{t('terms.version', { version })}</strong> <Moment at={at} />{' '}
        <span className="muted">
          <bdi title={by}>{words('by', { by: byName ?? by })}</bdi> · {t(`terms.state.${intent}`)}
        </span>
      </div>
      <p className="muted">
        {version === 1 && changed.length === 0 ? words('first') : fields && words('changed', { fields })}
      </p>
    </>
  );
}

interface ChoiceProps {
  label: string;
  newest: number;
  value: number;
  onChange(version: number): void;
}

const VersionChoice = ({ label, newest, value, onChange }: ChoiceProps) => (
  <label className="row">
    <span className="muted">{label}</span>
    <Select
      aria-label={label}
      showSearch
      value={value}
      onChange={onChange}
      options={Array.from({ length: newest }, (_, i) => ({ value: newest - i, label: `v${newest - i}` }))}
      popupMatchSelectWidth={90}
    />
  </label>
);

function Comparison({ id, from, to }: { id: string; from: number; to: number }) {
  const { t } = useTranslation();
  const words = useVersionWords();
  const fieldName = useFieldName();
  const [before, after] = [useQuery(versionQuery(id, from)), useQuery(versionQuery(id, to))];
  const error = before.error ?? after.error;
  if (error) return <Problem error={error} onRetry={() => void Promise.all([before.refetch(), after.refetch()])} />;
  if (!before.data || !after.data) return <Placeholder rows={3} height={40} />;
  const comparable = ({ intent, spec }: Version) => ({ intent: t(`terms.state.${intent}`), ...spec });
  const found = differences(comparable(before.data), comparable(after.data));
  if (found.length === 0) return <p>{words('same')}</p>;
  return (
    <DifferenceTable
      differences={found}
      nameOf={(pointer) => (pointer === '/intent' ? words('intent') : fieldName(pointer))}
    />
  );
}
