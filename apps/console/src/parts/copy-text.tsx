import { notify } from './notices.tsx';
import { Icon } from './icon.tsx';
import { Button } from './button.tsx';
import { useTranslation } from 'react-i18next';
import './copy-text.css';

/** A button that copies a text, e.g. an id. */
export function CopyText({ text, what, done }: { text: string; what: string; done?: string }) {
  const { t } = useTranslation();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    notify(done ?? t('frame.copied'));
  };
  return (
    <span className="copy-text">
      <code>{text}</code>
      <Button
        size="small"
        type="text"
        icon={<Icon of="Copy" />}
        aria-label={t('frame.copyText', { what })}
        title={t('frame.copyText', { what })}
        onClick={() => void copy()}
      />
    </span>
  );
}
