import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { listFilters, type ListFilters } from '../app/filters.ts';
import { savedQuery, useSave } from '../api/saved.ts';
import { Button } from '../parts/button.tsx';
import { atMost } from '../parts/characters.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';

/** The user's named filters. */
export function SavedViews({ filters, onOpen }: { filters: ListFilters; onOpen(filters: ListFilters): void }) {
  const { t } = useTranslation();
  const { data: views = [] } = useQuery(savedQuery('views'));
  const saving = useSave('views');
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const save = (): void =>
    saving.mutate(
      { name: name.trim(), value: filters },
      {
        onSuccess: () => {
          setNaming(false);
          setName('');
        },
      },
    );
  return (
    <>
      {views.map(({ name: saved, value }) => (
        <span key={saved} className="saved-view">
          <Link
            to="/vouchers"
            search={listFilters(value)}
            onClick={(event) => {
              event.preventDefault();
              onOpen(listFilters(value));
            }}
          >
            <bdi>{saved}</bdi>
          </Link>
          <Button
            type="text"
            size="small"
            icon={<Icon of="Close" />}
            aria-label={t('screens.list.forgetView', { name: saved })}
            onClick={() => saving.mutate({ name: saved })}
          />
        </span>
      ))}
      {Object.keys(filters).length > 0 && (
        <Button type="link" onClick={() => setNaming(true)}>
          {t('screens.list.saveView')}
        </Button>
      )}
      {naming && (
        <Dialog
          title={t('screens.list.saveView')}
          ok={{ text: t('screens.list.saveView'), disabled: name.trim() === '', busy: saving.isPending }}
          onOk={save}
          onClose={() => setNaming(false)}
        >
          <label className="stack">
            {t('terms.name')}
            <input className="field" value={name} onChange={({ target }) => setName(atMost(60, target.value))} />
          </label>
          {saving.error && <Problem error={saving.error} onRetry={save} />}
        </Dialog>
      )}
    </>
  );
}
