import type { Goods } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { goodsDifference } from './goods-difference.ts';
import { formatCount } from './money.ts';

/** More are only counted. */
const SHOWN = 20;

/** The goods that were added, removed or renamed, instead of two long lists. */
export function GoodsChanges({ before, after }: { before: readonly Goods[]; after: readonly Goods[] }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { added, removed, renamed } = goodsDifference(before, after);
  const parts = [
    ['added', added.map(({ sku, name }) => (name ? `${sku} ${name}` : sku))],
    ['removed', removed.map(({ sku, name }) => (name ? `${sku} ${name}` : sku))],
    ['renamed', renamed.map((one) => `${one.sku} ${one.before || '–'} → ${one.after || '–'}`)],
  ] as const;
  const told = parts.filter(([, lines]) => lines.length > 0);
  if (told.length === 0) return <>{t('voucher.goodsChange.order')}</>;
  return told.map(([kind, lines]) => (
    <details key={kind}>
      <summary>{t(`voucher.goodsChange.${kind}`, { number: formatCount(lines.length, language) })}</summary>
      <ul className="goods-change">
        {lines.slice(0, SHOWN).map((line, index) => (
          <li key={index}>
            <bdi>{line}</bdi>
          </li>
        ))}
        {lines.length > SHOWN && <li>{t('voucher.goodsChange.more', { number: lines.length - SHOWN })}</li>}
      </ul>
    </details>
  ));
}
