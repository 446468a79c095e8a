import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import { problemFrom } from '../api/api-problem.ts';
import { atMost } from '../parts/characters.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Problem } from '../parts/problem.tsx';

const SLUG = /^[a-z0-9-]{1,80}$/;
/** A page with this name exists: a change would need its ETag (428), or it belongs to a team apart (404). */
const TAKEN: readonly number[] = [428, 404];

/** Asks for the address name and the title of a new page. */
export function NewPage({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [slug, setSlug] = useState('');
  const [title, setTitle] = useState('');
  const create = useMutation({
    mutationFn: () =>
      answer(
        services().config.PUT('/v1/pages/{slug}', {
          params: { path: { slug } },
          body: { title: title.trim(), voucherIds: [] },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['pages'] });
      await navigate({ to: '/pages/$slug', params: { slug } });
    },
  });
  const taken = create.error && TAKEN.includes(problemFrom(create.error).status);
  const wrong = slug !== '' && !SLUG.test(slug);
  return (
    <Dialog
      title={t('screens.pages.create')}
      ok={{
        text: t('screens.pages.create'),
        disabled: wrong || slug === '' || title.trim() === '',
        busy: create.isPending,
      }}
      onOk={() => create.mutate()}
      onClose={onClose}
    >
      <label className="stack">
        {t('screens.pages.pageTitle')}
        <input className="field" value={title} onChange={({ target }) => setTitle(atMost(200, target.value))} />
      </label>
      <label className="stack">
        {t('screens.pages.slug')}
        <input
          className="field"
          maxLength={80}
          value={slug}
          aria-invalid={Boolean(wrong || taken)}
          onChange={({ target }) => setSlug(target.value)}
        />
      </label>
      <span className="muted" role={wrong || taken ? 'alert' : undefined}>
        {taken ? t('screens.pages.slugTaken') : t(wrong ? 'screens.pages.slugFault' : 'screens.pages.slugHint')}
      </span>
      {create.error && !taken && <Problem error={create.error} onRetry={() => create.mutate()} />}
    </Dialog>
  );
}
