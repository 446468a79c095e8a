// What stands above the page all the time: which voucher, what became of its edits, review.
import type { Voucher } from '@vouchers/contracts';
import { Alert, Popconfirm, Tag } from 'antd';
import { Button } from '../parts/button.tsx';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownKey, useKeys } from '../app/keys.ts';
import { StateTag } from '../parts/state-tag.tsx';
import { useDraft, useEditing } from './draft/draft.context.ts';
import type { Draft } from './draft/draft.store.ts';
import { keep } from './draft/kept-draft.ts';
import { useWords } from './editor-words.ts';

/** Unit: milliseconds. */
const KEEP_AFTER_MS = 300;

/** Keeps the edits over a reload. False: there was no room. */
export function useKeeping(draft: Draft, keptAs: string): boolean {
  const [isKept, setKept] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const now = (): void => {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = undefined;
      setKept(keep(keptAs, draft));
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
  }, [draft, keptAs]);
  return isKept;
}

interface Props {
  voucher: Voucher | undefined;
  copied: Voucher | undefined;
  hindrance: string | undefined;
  isRestored: boolean;
  isKept: boolean;
  isClosed: boolean;
  onReview(): void;
}

export function EditorBar({ voucher, copied, hindrance, isRestored, isKept, isClosed, onReview }: Props) {
  const words = useWords();
  const { t } = useTranslation();
  const { draft } = useEditing();
  const count = useDraft(({ changes }) => changes.length);
  const version = useDraft(({ origin }) => origin.version);
  const [isTold, setTold] = useState(isRestored);
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
          <Popconfirm title={words('bar.discardAsk')} onConfirm={() => draft.discard()} okText={words('bar.discard')}>
            <Button disabled={count === 0}>{words('bar.discard')}</Button>
          </Popconfirm>
          <Button type="primary" disabled={isClosed || (!isNew && count === 0)} onClick={onReview}>
            {count > 0 && !isNew ? words('bar.review', { count }) : words('bar.review')} <kbd>{shownKey('S')}</kbd>
          </Button>
        </div>
      </div>
      {hindrance && <Alert type="info" showIcon title={hindrance} />}
      {voucher?.state === 'terminated' && <Alert type="info" showIcon title={words('bar.terminated')} />}
      {!isKept && <Alert type="warning" showIcon title={words('bar.notKept')} />}
      {isTold && count > 0 && (
        <Alert
          type="info"
          showIcon
          title={words('bar.restored')}
          action={
            <Button size="small" type="text" onClick={() => setTold(false)}>
              {t('frame.close')}
            </Button>
          }
        />
      )}
    </header>
  );
}
