import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog } from './dialog.tsx';
import { say } from './notices.tsx';
import { Problem } from './problem.tsx';

interface Props {
  /** Of what is deleted. */
  name: string;
  title: string;
  text: string;
  remove(): Promise<unknown>;
  onDone(): void;
  onClose(): void;
}

/** Asks before something is deleted for good. */
export function Deletion({ name, title, text, remove, onDone, onClose }: Props) {
  const { t } = useTranslation();
  const deletion = useMutation({
    mutationFn: remove,
    onSuccess: () => {
      say(t('frame.deletion.done'));
      onDone();
    },
  });
  return (
    <Dialog
      title={title}
      ok={{ text: t('frame.deletion.delete'), danger: true, busy: deletion.isPending }}
      onOk={() => deletion.mutate()}
      onClose={onClose}
    >
      <p>
        <strong>
          <bdi>{name}</bdi>
        </strong>
      </p>
      <p>{text}</p>
      {deletion.error && <Problem error={deletion.error} onRetry={() => deletion.mutate()} />}
    </Dialog>
  );
}
