import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import './dialog.css';

interface Props {
  title: string;
  /** The button of the action; without it, the dialog can only be closed. */
  ok?: { text: string; danger?: boolean; disabled?: boolean; busy?: boolean };
  onOk?(): void;
  onClose(): void;
  children: ReactNode;
}

/** A modal dialog of the browser. Its first field gets the focus, or its last button if it has no field. */
export function Dialog({ title, ok, onOk, onClose, children }: Props) {
  const { t } = useTranslation();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current!;
    shown.showModal();
    (shown.querySelector<HTMLElement>('input, textarea') ?? shown.querySelector<HTMLElement>('.primary'))?.focus();
    return () => shown.close(); // returns the focus
  }, []);
  return createPortal(
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={({ target }) => target === dialog.current && onClose()}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ok?.disabled && !ok?.busy) onOk?.();
        }}
      >
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <Button type="text" size="small" icon={<Icon of="Close" />} aria-label={t('frame.close')} onClick={onClose} />
        </div>
        {children}
        {ok && (
          <div className="row dialog-foot">
            <Button onClick={onClose}>{t('frame.cancel')}</Button>
            <Button
              htmlType="submit"
              type="primary"
              danger={ok.danger ?? false}
              disabled={ok.disabled ?? false}
              loading={ok.busy ?? false}
            >
              {ok.text}
            </Button>
          </div>
        )}
      </form>
    </dialog>,
    document.getElementById('overlays')!,
  );
}
