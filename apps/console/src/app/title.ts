import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** Names the tab after what is on show. */
export function useTitle(title: string | undefined): void {
  const { t } = useTranslation();
  const product = t('frame.product');
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title, product]);
}
