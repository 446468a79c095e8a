import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** Sets the title of the browser's tab. */
export function useTitle(title: string | undefined): void {
  const { t } = useTranslation();
  const product = t('frame.product');
  useEffect(() => {
    document.title = title ? `${title} · ${product}` : product;
  }, [title, product]);
}
