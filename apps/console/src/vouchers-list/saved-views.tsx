import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { listFilters, type ListFilters } from '../app/filters.ts';
import { Button } from '../parts/button.tsx';
import { atMost } from '../parts/characters.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';

interface View {
  name: string;
  filters: ListFilters;
}

const KEY = 'console.views';
const MOST = 20;

function readViews(): View[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as View[];
    return kept.map(({ name, filters }) => ({ name: String(name), filters: listFilters({ ...filters }) }));
  } catch {
    return [];
  }
}

/** The user's named filters, which this browser keeps. */
export function SavedViews({ filters, onOpen }: { filters: ListFilters; onOpen(filters: ListFilters): void }) {
  const { t } = useTranslation();
  const [views, setViews] = useState(readViews);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const put = (next: View[]): void => {
    setViews(next);
    localStorage.setItem(KEY, JSON.stringify(next));
  };
  const save = (): void => {
    put([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), filters }].slice(-MOST));
    setNaming(false);
    setName('');
  };
  return (
    <>
      {views.map((view) => (
        <span key={view.name} className="saved-view">
          <Link
            to="/vouchers"
            search={view.filters}
            onClick={(event) => {
              event.preventDefault();
              onOpen(view.filters);
            }}
          >
            <bdi>{view.name}</bdi>
          </Link>
          <Button
            type="text"
            size="small"
            icon={<Icon of="Close" />}
            aria-label={t('screens.list.forgetView', { name: view.name })}
            onClick={() => put(views.filter((one) => one !== view))}
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
          ok={{ text: t('screens.list.saveView'), disabled: name.trim() === '' }}
          onOk={save}
          onClose={() => setNaming(false)}
        >
          <label className="stack">
            {t('terms.name')}
            <input className="field" value={name} onChange={({ target }) => setName(atMost(60, target.value))} />
          </label>
        </Dialog>
      )}
    </>
  );
}
