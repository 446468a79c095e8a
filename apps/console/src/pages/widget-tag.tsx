import { useTranslation } from 'react-i18next';
import { services } from '../api/api.ts';
import { CopyText } from '../parts/copy-text.tsx';

/** Shows how to publish a page: by its address, or by a tag on another site. */
export function WidgetTag({ slug }: { slug: string }) {
  const { t } = useTranslation();
  const base = services().addresses.pageDelivery;
  const tag = `<script type="module" src="${base}/claim-widget.js"></script><voucher-claim page="${slug}"></voucher-claim>`;
  return (
    <section className="panel stack">
      <h2>{t('screens.pages.tag')}</h2>
      <CopyText text={tag} what={t('screens.pages.tag')} done={t('screens.pages.tagCopied')} />
      <p>
        <a href={`${base}/p/${slug}`} target="_blank" rel="noreferrer">
          {t('screens.pages.open')}
        </a>
      </p>
    </section>
  );
}
