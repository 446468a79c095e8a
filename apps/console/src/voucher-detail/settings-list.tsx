import type { Teams, Voucher } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { benefitShown, formatCount } from '../parts/money.ts';
import { formatDuration, formatMoment } from '../parts/moment.ts';

const NODES = ['enable', 'claim', 'use', 'terminate'] as const;

/** A summary of the voucher's settings. */
export function SettingsList({ voucher }: { voucher: Voucher }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { id, description, resourceType, benefit, windows, quantities, goods, nodes, redeemers, placements } = voucher;
  const zone = windows.timeZone;
  const range = ({ from, to }: { from: string; to: string }): string =>
    `${formatMoment(from, 'minute', zone)} – ${formatMoment(to, 'minute', zone)}`;
  const limit = (quantity: number | null): string =>
    quantity === null ? t('terms.unlimited') : formatCount(quantity, language);
  const teams = (named: Teams = 'any'): string => (named === 'any' ? t('voucher.anyTeam') : named.join(', '));
  return (
    <section className="panel">
      <h2>{t('voucher.facts')}</h2>
      <dl className="settings">
        <dt>{t('voucher.id')}</dt>
        <dd>
          <CopyText text={id} what={t('voucher.id')} />
        </dd>
        <dt>{t(`terms.resource.${resourceType}`)}</dt>
        <dd>
          <bdi>{benefitShown(benefit, language, t) || t('frame.none')}</bdi>
          {description && (
            <p className="muted">
              <bdi>{description}</bdi>
            </p>
          )}
        </dd>
        <dt>{t('voucher.quantities')}</dt>
        <dd>
          {t('terms.kind.push')} {limit(quantities.push)} · {t('terms.kind.claim')} {limit(quantities.claim)} ·{' '}
          {t('terms.kind.redemption')} {limit(quantities.redeem)}
        </dd>
        <dt>{t('voucher.zone')}</dt>
        <dd>{zone}</dd>
        <dt>{t('voucher.valid')}</dt>
        <dd>{range(windows.valid)}</dd>
        <dt>{t('voucher.claimWindow')}</dt>
        <dd>{range(windows.claim)}</dd>
        <dt>{t('voucher.useWindow')}</dt>
        <dd>
          {'afterClaim' in windows.use
            ? t(/[1-9]/.test(windows.use.afterClaim.delay) ? 'voucher.afterClaimDelay' : 'voucher.afterClaim', {
                length: formatDuration(windows.use.afterClaim.length, language),
                delay: formatDuration(windows.use.afterClaim.delay, language),
              })
            : range(windows.use)}
        </dd>
        {NODES.map((node) => (
          <NodeRule key={node} name={t(`terms.node.${node}`)} when={nodes[node].when} />
        ))}
        <dt>{t('voucher.goods')}</dt>
        <dd>{formatCount(goods.length, language)}</dd>
        <dt>{t('voucher.redeemers')}</dt>
        <dd>
          <bdi>{teams(redeemers)}</bdi>
        </dd>
        <dt>{t('voucher.placements')}</dt>
        <dd>
          <bdi>{teams(placements)}</bdi>
        </dd>
      </dl>
    </section>
  );
}

function NodeRule({ name, when }: { name: string; when: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{when}</code>
      </dd>
    </>
  );
}
