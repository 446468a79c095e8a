import { CUSTOMER_SENTENCES } from '@vouchers/claim-widget/customer-sentences';
import type { Reason } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';

/** The sentence that the widget shows for a reason. The customer's language is not recorded, so both are shown. */
export function CustomerRead({ reason }: { reason: Reason }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const languages = language === 'en' ? (['en', 'zh-CN'] as const) : (['zh-CN', 'en'] as const);
  return (
    <section>
      <h2>{t('screens.decision.customerRead')}</h2>
      {languages.map((one) => (
        <blockquote key={one} lang={one}>
          {CUSTOMER_SENTENCES[one][reason]}
        </blockquote>
      ))}
    </section>
  );
}
