import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirmation } from './confirmation.tsx';
import { notify } from './notices.tsx';
import { PermittedButton } from './permitted-button.tsx';

interface Props {
  name: string;
  team: string;
  title: string;
  text: string;
  remove(): Promise<unknown>;
  /** The list that is shown afterwards. */
  list: 'pages' | 'vouchers';
}

/** Deletes something for good after a confirmation, and goes back to its list. */
export function DeleteButton({ name, team, title, text, remove, list }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const onDone = () => {
    notify(t('frame.deletion.done'));
    void navigate({ to: `/${list}` });
    void client.invalidateQueries({ queryKey: [list] });
  };
  return (
    <>
      <PermittedButton scope="vouchers:write" team={team} danger onClick={() => setAsked(true)}>
        {t('frame.deletion.delete')}
      </PermittedButton>
      {asked && (
        <Confirmation
          title={title}
          name={name}
          ok={{ text: t('frame.deletion.delete'), danger: true }}
          act={remove}
          onDone={onDone}
          onClose={() => setAsked(false)}
        >
          <p>{text}</p>
        </Confirmation>
      )}
    </>
  );
}
