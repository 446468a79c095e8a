import { CopyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';

/** A text to take along, e.g. an id. */
export function CopyText({ text, what, done }: { text: string; what: string; done?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    void message.success(done ?? t('frame.copied'));
  };
  return (
    <span className="copy-text">
      <code>{text}</code>
      <Button
        size="small"
        type="text"
        icon={<CopyOutlined />}
        aria-label={t('frame.copyText', { what })}
        title={t('frame.copyText', { what })}
        onClick={() => void copy()}
      />
    </span>
  );
}
