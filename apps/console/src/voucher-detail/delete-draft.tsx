import type { Voucher } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { DeleteButton } from '../parts/delete-button.tsx';

/** Only a draft can be deleted. A voucher that was published stays. */
export function DeleteDraft({ voucher: { id, name, team, version } }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const header = { 'If-Match': `"${version}"` };
  return (
    <DeleteButton
      name={name}
      team={team}
      title={t('voucher.ask.delete')}
      text={t('voucher.ask.deleteText')}
      remove={() => services().config.DELETE('/v1/vouchers/{id}', { params: { path: { id }, header } })}
      list="vouchers"
    />
  );
}
