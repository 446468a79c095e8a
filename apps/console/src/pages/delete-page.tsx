import type { Page } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { DeleteButton } from '../parts/delete-button.tsx';

interface Props {
  page: Page;
  tag: string;
}

export function DeletePage({ page: { slug, title, team }, tag }: Props) {
  const { t } = useTranslation();
  const header = { 'If-Match': tag };
  return (
    <DeleteButton
      name={title}
      team={team}
      title={t('screens.pages.delete')}
      text={t('screens.pages.deleteText')}
      remove={() => services().config.DELETE('/v1/pages/{slug}', { params: { path: { slug }, header } })}
      list="pages"
    />
  );
}
