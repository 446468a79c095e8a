import { CSV_MARK } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import { notify } from './notices.tsx';

interface Props {
  /** The name of the file, without its ending. */
  name: string;
  /** The lines of the file, or the whole file as a service sends it. */
  lines(): string | Promise<string | Blob>;
  /** True if there is more than what is shown. */
  partial?: boolean;
}

/** Saves what is on the screen as a CSV file. */
export function CsvButton({ name, lines, partial = false }: Props) {
  const { t } = useTranslation();
  const [saving, setSaving] = useState(false);
  const save = async (): Promise<void> => {
    setSaving(true);
    try {
      const content = await lines();
      saveFile(`${name.replace(/[^\p{L}\p{N}.-]+/gu, '-').slice(0, 100)}.csv`, content);
      notify(t(partial ? 'frame.csvPartial' : 'frame.csvSaved'));
    } catch {
      notify(t('frame.csvFailed'), 'failed');
    } finally {
      setSaving(false);
    }
  };
  return (
    <Button size="small" icon={<Icon of="Download" />} loading={saving} onClick={() => void save()}>
      CSV
    </Button>
  );
}

function saveFile(name: string, content: string | Blob): void {
  const file =
    typeof content === 'string' ? new Blob([CSV_MARK, content], { type: 'text/csv;charset=utf-8' }) : content;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
