import { useQueries } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { voucherQuery } from '../api/queries.ts';
import { usePreferences } from '../app/preferences.ts';
import { previewOf } from './preview-data.ts';

/** More vouchers than anybody would look at. */
const MOST = 30;

/** Shows the real widget with the edited page, saved or not. */
export function PagePreview({ title, voucherIds }: { title: string; voucherIds: readonly string[] }) {
  const { t } = useTranslation();
  const { language, scheme } = usePreferences();
  const place = useRef<HTMLDivElement>(null);
  const [isThere, setThere] = useState(false);
  const vouchers = useQueries({
    queries: voucherIds.slice(0, MOST).map((id) => ({ ...voucherQuery(id), staleTime: 30_000 })),
    combine: (results) => results.flatMap(({ data }) => data?.value ?? []),
  });
  useEffect(() => {
    void import('@vouchers/claim-widget').then(() => setThere(true));
  }, []);
  useEffect(() => {
    if (!isThere || !place.current) return;
    const widget = document.createElement('voucher-claim');
    widget.lang = language;
    widget.theme = scheme;
    widget.noPopup = true;
    widget.data = previewOf(title, vouchers, Date.now()) as NonNullable<typeof widget.data>;
    widget.addEventListener('voucher-claiming', (event) => event.preventDefault()); // nothing is claimed here
    place.current.replaceChildren(widget);
  }, [isThere, language, scheme, title, vouchers]);
  return (
    <section className="panel stack">
      <h2>{t('screens.pages.preview')}</h2>
      <p className="muted">{t('screens.pages.previewNote')}</p>
      <div ref={place} className="page-preview" />
    </section>
  );
}
