import { atMost } from '../parts/characters.ts';
import { notify } from '../parts/notices.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Page } from '@vouchers/contracts';
import { Input } from 'antd';
import { Button } from '../parts/button.tsx';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answerWithTag, services } from '../api/api.ts';
import { problemFrom } from '../api/api-problem.ts';
import { pageQuery } from '../api/queries.ts';
import { useKeys } from '../app/keys.ts';
import { PermittedButton, useDenialReason } from '../parts/permitted-button.tsx';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { Clash } from './clash.tsx';
import { DeletePage } from './delete-page.tsx';
import { draftOf, isSameDraft, mergedDraft, clashesOf, type PageDraft } from './page-draft.ts';
import { keepPage, readKept, type PageBase } from './kept-page.ts';
import { PageVouchers } from './page-vouchers.tsx';
import { WidgetTag } from './widget-tag.tsx';
import './pages.css';

const PagePreview = lazy(async () => ({ default: (await import('./page-preview.tsx')).PagePreview }));

interface Props {
  page: Page;
  tag: string;
  /** Drops the edits and shows the stored page. */
  onTakeTheirs(): void;
}

export function PageEditor({ page, tag, onTakeTheirs }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [kept] = useState(() => readKept(page.slug));
  const [base, setBase] = useState<PageBase>(kept?.base ?? { draft: draftOf(page), tag, version: page.version });
  const [draft, setDraft] = useState(kept?.draft ?? base.draft);
  const [theirs, setTheirs] = useState<{ page: Page; tag: string }>();
  const denialReason = useDenialReason({ scope: 'vouchers:write', team: page.team });
  const { slug } = page;
  const changed = !isSameDraft(draft, base.draft);
  useEffect(() => keepPage(slug, changed ? { base, draft } : undefined), [slug, changed, base, draft]);

  const save = useMutation({
    mutationFn: (asked: { draft: PageDraft; tag: string }) =>
      answerWithTag(
        services().config.PUT('/v1/pages/{slug}', {
          params: { path: { slug }, header: { 'If-Match': asked.tag } },
          body: { title: asked.draft.title.trim(), voucherIds: asked.draft.voucherIds },
        }),
      ),
    onSuccess: ({ value, tag: newTag }) => {
      client.setQueryData(pageQuery(slug).queryKey, { value, tag: newTag });
      setBase({ draft: draftOf(value), tag: newTag, version: value.version });
      setDraft(draftOf(value));
      setTheirs(undefined);
      notify(t('screens.pages.saved'));
    },
    onError: async (error, asked) => {
      if (problemFrom(error).status !== 412) return;
      const now = await client.fetchQuery({ ...pageQuery(slug), staleTime: 0 });
      const next = { page: now.value, tag: now.tag };
      const others = draftOf(now.value);
      // The user must decide only if both changed the same field.
      if (clashesOf(base.draft, asked.draft, others).length > 0) setTheirs(next);
      else save.mutate({ draft: mergedDraft(base.draft, asked.draft, others), tag: next.tag });
    },
  });
  const submit = (): void => save.mutate({ draft, tag: base.tag });
  useKeys({ 'mod+s': () => changed && !denialReason && submit() });

  return (
    <div className="stack">
      <div className="row spread">
        <div className="row">
          <h1>
            <bdi>{base.draft.title}</bdi>
          </h1>
          <code className="muted">{slug}</code>
        </div>
        <div className="row">
          {changed && <span role="status">{t('screens.pages.unsaved')}</span>}
          {changed && <Button onClick={() => setDraft(base.draft)}>{t('screens.pages.discard')}</Button>}
          <DeletePage page={page} tag={base.tag} />
          <PermittedButton
            scope="vouchers:write"
            team={page.team}
            type="primary"
            disabled={!changed || draft.title.trim() === ''}
            loading={save.isPending}
            onClick={submit}
          >
            {t('screens.pages.save')}
          </PermittedButton>
        </div>
      </div>
      {theirs ? (
        <Clash
          base={base.draft}
          mine={draft}
          theirs={theirs.page}
          onSaveMine={() =>
            save.mutate({ draft: mergedDraft(base.draft, draft, draftOf(theirs.page)), tag: theirs.tag })
          }
          onTakeTheirs={() => {
            keepPage(slug, undefined);
            onTakeTheirs();
          }}
        />
      ) : (
        save.error && problemFrom(save.error).status !== 412 && <Problem error={save.error} onRetry={submit} />
      )}
      <div className="page-editor">
        <div className="stack">
          <section className="panel stack">
            <label className="stack">
              {t('screens.pages.pageTitle')}
              <Input
                value={draft.title}
                disabled={denialReason !== undefined}
                status={draft.title.trim() === '' ? 'error' : ''}
                onChange={({ target }) => setDraft({ ...draft, title: atMost(200, target.value) })}
              />
            </label>
            {draft.title.trim() === '' && <span role="alert">{t('screens.pages.titleNeeded')}</span>}
          </section>
          <PageVouchers
            ids={draft.voucherIds}
            locked={denialReason !== undefined}
            onChange={(voucherIds) => setDraft({ ...draft, voucherIds })}
          />
        </div>
        <div className="stack">
          <WidgetTag slug={slug} />
          <Suspense fallback={<Placeholder height={240} />}>
            <PagePreview title={draft.title} voucherIds={draft.voucherIds} />
          </Suspense>
        </div>
      </div>
    </div>
  );
}
