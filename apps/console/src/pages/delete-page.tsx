import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Page } from '@vouchers/contracts';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { Deletion } from '../parts/deletion.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';

interface Props {
  page: Page;
  tag: string;
}

export function DeletePage({ page: { slug, title, team }, tag }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const header = { 'If-Match': tag };
  return (
    <>
      <PermittedButton scope="vouchers:write" team={team} danger onClick={() => setAsked(true)}>
        {t('frame.deletion.delete')}
      </PermittedButton>
      {asked && (
        <Deletion
          name={title}
          title={t('screens.pages.delete')}
          text={t('screens.pages.deleteText')}
          remove={() => services().config.DELETE('/v1/pages/{slug}', { params: { path: { slug }, header } })}
          onDone={() => {
            void navigate({ to: '/pages' });
            void client.invalidateQueries({ queryKey: ['pages'] });
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
