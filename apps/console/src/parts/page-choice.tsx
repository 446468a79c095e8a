import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';

const MOST_PAGES = 200;

/** A choice among the pages. */
export function PageChoice({ value, onChange }: { value: string; onChange(slug: string): void }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['pages-to-choose'],
    queryFn: () => answer(services().config.GET('/v1/pages', { params: { query: { limit: MOST_PAGES } } })),
  });
  return (
    <label className="stack">
      {t('screens.bulk.page')}
      <select className="field" value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">–</option>
        {data?.items.map(({ slug, title }) => (
          <option key={slug} value={slug}>
            {title} ({slug})
          </option>
        ))}
      </select>
    </label>
  );
}
