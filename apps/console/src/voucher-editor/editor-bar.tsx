// The bar above the editor: the voucher, the state of its edits, and the button to review them.
import type { Voucher } from '@vouchers/contracts';
import { Alert, Popconfirm, Tag } from 'antd';
import { Button } from '../parts/button.tsx';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownKey, useKeys } from '../app/keys.ts';
import { atMost } from '../parts/characters.ts';
import { Dialog } from '../parts/dialog.tsx';
import { notify } from '../parts/notices.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { useDraft, useEditing } from './draft/draft.context.ts';
import type { Draft } from './draft/draft.store.ts';
import { keep } from './draft/kept-draft.ts';
import { useSave } from '../api/saved.ts';
import { Problem } from '../parts/problem.tsx';
import { useWords } from './editor-words.ts';
import { useWhatIf } from './saving/what-if-button.tsx';

const KEEP_AFTER_MS = 300;

/** Stores the edits, so that they survive a reload. @returns false if there is no room */
export function useStoredDraft(draft: Draft, storageKey: string): boolean {
  const [isKept, setKept] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const now = (): void => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      setKept(keep(storageKey, draft));
    };
    const stop = draft.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(now, KEEP_AFTER_MS);
    });
    addEventListener('pagehide', now);
    return () => {
      now();
      stop();
      removeEventListener('pagehide', now);
    };
  }, [draft, storageKey]);
  return isKept;
}

interface Props {
  voucher: Voucher | undefined;
  copied: Voucher | undefined;
  denialReason: string | undefined;
  isRestored: boolean;
  isKept: boolean;
  isClosed: boolean;
  onReview(): void;
}

export function EditorBar({ voucher, copied, denialReason, isRestored, isKept, isClosed, onReview }: Props) {
  const words = useWords();
  const { t } = useTranslation();
  const { draft } = useEditing();
  const count = useDraft(({ changes }) => changes.length);
  const version = useDraft(({ origin }) => origin.version);
  const [showsRestored, setShowsRestored] = useState(isRestored);
  const whatIf = useWhatIf(voucher?.id);
  useKeys({ 'mod+s': () => !isClosed && onReview() });
  const isNew = voucher === undefined;
  const title = voucher
    ? words('title.edit', { name: voucher.name })
    : copied
      ? words('title.copy', { name: copied.name })
      : words('title.create');
  return (
    <header className="editor-bar">
      <div className="row spread">
        <div className="row">
          <h1>{title}</h1>
          {voucher && (
            <>
              <span className="muted">v{version}</span>
              <StateTag state={voucher.state} />
            </>
          )}
          {count > 0 && !isNew && <Tag>{words('bar.unsaved')}</Tag>}
        </div>
        <div className="row">
          <SaveTemplate />
          {voucher && voucher.state !== 'draft' && count > 0 && whatIf.button}
          <Popconfirm title={words('bar.discardAsk')} onConfirm={() => draft.discard()} okText={words('bar.discard')}>
            <Button disabled={count === 0}>{words('bar.discard')}</Button>
          </Popconfirm>
          <Button type="primary" disabled={isClosed || (!isNew && count === 0)} onClick={onReview}>
            {count > 0 && !isNew ? words('bar.review', { count }) : words('bar.review')} <kbd>{shownKey('S')}</kbd>
          </Button>
        </div>
      </div>
      {whatIf.problem}
      {denialReason && <Alert type="info" showIcon title={denialReason} />}
      {voucher?.state === 'terminated' && <Alert type="info" showIcon title={words('bar.terminated')} />}
      {!isKept && <Alert type="warning" showIcon title={words('bar.notKept')} />}
      {showsRestored && count > 0 && (
        <Alert
          type="info"
          showIcon
          title={words('bar.restored')}
          action={
            <Button size="small" type="text" onClick={() => setShowsRestored(false)}>
              {t('frame.close')}
            </Button>
          }
        />
      )}
    </header>
  );
}

/** Saves the spec as a template of the team. Its goods are left out, since they may be thousands. */
function SaveTemplate() {
  const words = useWords();
  const { draft } = useEditing();
  const [name, setName] = useState<string>();
  const saving = useSave('templates');
  const save = (): void =>
    saving.mutate(
      { name: name!.trim(), value: { spec: { ...draft.spec, goods: [] } } },
      {
        onSuccess: () => {
          notify(words('template.saved'));
          setName(undefined);
        },
      },
    );
  return (
    <>
      <Button type="text" onClick={() => setName(draft.spec.name)}>
        {words('template.save')}
      </Button>
      {name !== undefined && (
        <Dialog
          title={words('template.save')}
          ok={{ text: words('template.save'), disabled: name.trim() === '', busy: saving.isPending }}
          onOk={save}
          onClose={() => setName(undefined)}
        >
          <label className="stack">
            {words('name')}
            <input className="field" value={name} onChange={({ target }) => setName(atMost(60, target.value))} />
          </label>
          <span className="muted">{words('template.saveText')}</span>
          {saving.error && <Problem error={saving.error} onRetry={save} />}
        </Dialog>
      )}
    </>
  );
}
