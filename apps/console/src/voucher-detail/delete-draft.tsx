import type { Voucher } from '@vouchers/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { Deletion } from '../parts/deletion.tsx';
import { PermittedButton } from '../parts/permitted-button.tsx';

/** A draft can be deleted; whatever was published stays. */
export function DeleteDraft({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const { id, name, team, version } = voucher;
  const header = { 'If-Match': `"${version}"` };
  return (
    <>
      <PermittedButton scope="vouchers:write" team={team} danger onClick={() => setAsked(true)}>
        {t('frame.deletion.delete')}
      </PermittedButton>
      {asked && (
        <Deletion
          name={name}
          title={t('voucher.ask.delete')}
          text={t('voucher.ask.deleteText')}
          remove={() => services().config.DELETE('/v1/vouchers/{id}', { params: { path: { id }, header } })}
          onDone={() => {
            void navigate({ to: '/vouchers' });
            void client.invalidateQueries({ queryKey: ['vouchers'] });
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
