import type { Combination, Hours, Operations, Teams, UseWindow, VoucherSpec } from '@vouchers/contracts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { benefitShown, formatCount, formatMoney } from '../parts/money.ts';
import { formatDuration, formatMoment } from '../parts/moment.ts';
import { useCheckoutWords } from './checkout-words.ts';
import { useWaitingWords } from './waiting-words.ts';

const NODES = ['enable', 'claim', 'use', 'terminate'] as const;
const POOL = ['expired', 'released', 'revoked', 'rolledBack'] as const;

interface Props {
  id: string;
  spec: VoucherSpec;
  title?: string;
}

/** All settings of a version. */
export function SettingsList({ id, spec, title }: Props) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const { description, resourceType, benefit, windows, quantities, goods, nodes, redeemers, placements } = spec;
  const { pool, labels, clock, operations } = spec;
  const limit = (quantity: number | null): string =>
    quantity === null ? t('terms.unlimited') : formatCount(quantity, language);
  const teams = (named: Teams = 'any'): string => (named === 'any' ? t('voucher.anyTeam') : named.join(', '));
  const recorded = [...new Set([...(nodes.claim.record ?? []), ...(nodes.use.record ?? [])])];
  return (
    <section className="panel">
      <h2>{title ?? t('voucher.facts')}</h2>
      <dl className="settings">
        <Setting name={t('voucher.id')}>
          <CopyText text={id} what={t('voucher.id')} />
        </Setting>
        <Setting name={t(`terms.resource.${resourceType}`)}>
          <bdi>{benefitShown(benefit, language, t) || t('frame.none')}</bdi>
          {description && (
            <p className="muted">
              <bdi>{description}</bdi>
            </p>
          )}
        </Setting>
        <Setting name={t('voucher.quantities')}>
          {t('terms.kind.push')} {limit(quantities.push)} · {t('terms.kind.claim')} {limit(quantities.claim)} ·{' '}
          {t('terms.kind.redemption')} {limit(quantities.redeem)}
        </Setting>
        <CheckoutSettings spec={spec} />
        <Setting name={t('voucher.perUser')}>{limit(nodes.claim.perUser)}</Setting>
        <Setting name={t('voucher.perClaim')}>{limit(nodes.use.perClaim)}</Setting>
        <WindowSettings windows={windows} />
        {NODES.map((node) => (
          <Setting key={node} name={t('voucher.ruleOf', { node: t(`terms.node.${node}`) })}>
            <Rule when={nodes[node].when} />
          </Setting>
        ))}
        <Setting name={t('voucher.atTermination')}>{t(`voucher.openClaims.${nodes.terminate.claims}`)}</Setting>
        {recorded.length > 0 && <Setting name={t('voucher.recorded')}>{recorded.join(', ')}</Setting>}
        <OperationSettings operations={operations} />
        <Setting name={t('voucher.pool')}>
          {POOL.map((end) => (
            <div key={end}>
              {t(`terms.count.${end}`)}: {t(`voucher.poolEnd.${pool[end]}`)}
            </div>
          ))}
        </Setting>
        <PoolSettings spec={spec} />
        <Setting name={t('voucher.goods')}>{formatCount(goods.length, language)}</Setting>
        <Setting name={t('terms.labels')}>
          <bdi>
            {Object.entries(labels)
              .map(([key, value]) => `${key}:${value}`)
              .join(', ') || t('frame.none')}
          </bdi>
        </Setting>
        <Setting name={t('voucher.redeemers')}>
          <bdi>{teams(redeemers)}</bdi>
        </Setting>
        <Setting name={t('voucher.placements')}>
          <bdi>{teams(placements)}</bdi>
        </Setting>
        <Setting name={t('voucher.clock')}>{t(`voucher.clocks.${clock}`)}</Setting>
      </dl>
    </section>
  );
}

const Setting = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

function WindowSettings({ windows: { timeZone, valid, claim, use } }: { windows: VoucherSpec['windows'] }) {
  const { t } = useTranslation();
  const range = ({ from, to }: { from: string; to: string }): string =>
    `${formatMoment(from, 'minute', timeZone)} – ${formatMoment(to, 'minute', timeZone)}`;
  return (
    <>
      <Setting name={t('voucher.zone')}>{timeZone}</Setting>
      <Setting name={t('voucher.valid')}>{range(valid)}</Setting>
      <Setting name={t('voucher.claimWindow')}>
        {range(claim)}
        <OpenHours hours={claim.hours} />
      </Setting>
      <Setting name={t('voucher.useWindow')}>
        {'afterClaim' in use ? <AfterClaim after={use.afterClaim} /> : range(use)}
        <OpenHours hours={use.hours} />
      </Setting>
    </>
  );
}

function AfterClaim({ after: { delay, length } }: { after: Extract<UseWindow, { afterClaim: object }>['afterClaim'] }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  return t(/[1-9]/.test(delay) ? 'voucher.afterClaimDelay' : 'voucher.afterClaim', {
    length: formatDuration(length, language),
    delay: formatDuration(delay, language),
  });
}

function OpenHours({ hours }: { hours: readonly Hours[] | undefined }) {
  const { t } = useTranslation();
  return hours?.map(({ days, from, to }, index) => (
    <div key={index} className="muted">
      {days.map((day) => t(`terms.day.${day}`)).join(' ')} {from}–{to}
    </div>
  ));
}

function PoolSettings({ spec: { waitingList, notices, extension } }: { spec: VoucherSpec }) {
  const words = useWaitingWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const length = (duration: string): string => formatDuration(duration, language);
  return (
    <>
      {waitingList && (
        <Setting name={words('settings.waitingList')}>
          {waitingList.limit === null
            ? t('terms.unlimited')
            : words('settings.limit', { limit: formatCount(waitingList.limit, language) })}{' '}
          · {words('settings.offerFor', { length: length(waitingList.offerFor) })}
          {/[1-9]/.test(waitingList.minUse) && ` · ${words('settings.minUse', { length: length(waitingList.minUse) })}`}
          <div>
            {words('settings.rank')} <code>{waitingList.rank}</code>
          </div>
        </Setting>
      )}
      {notices && <Setting name={words('settings.notices')}>{notices.map(length).join(', ')}</Setting>}
      {extension && (
        <Setting name={words('settings.extension')}>
          {words('settings.by', {
            length: length(extension.length),
            times: formatCount(extension.times, language),
          })}
        </Setting>
      )}
    </>
  );
}

function CheckoutSettings({ spec: { combine, quantities } }: { spec: VoucherSpec }) {
  const words = useCheckoutWords();
  const { language } = usePreferences();
  const { budget } = quantities;
  const together = (of: Combination['with']): string =>
    typeof of === 'string' ? words(`with.${of}`) : words('with.groups', { groups: of.join(', ') });
  return (
    <>
      {budget && <Setting name={words('budget')}>{formatMoney(budget.amount, budget.currency, language)}</Setting>}
      {combine && (
        <Setting name={words('combination')}>
          {[
            words('group', { group: combine.group }),
            together(combine.with),
            words('perOrder', { number: formatCount(combine.perOrder, language) }),
            words('priority', { number: combine.priority }),
          ].join(' · ')}
        </Setting>
      )}
    </>
  );
}

function OperationSettings({ operations: { claimLabel, afterClaim, popup } }: { operations: Operations }) {
  const { t } = useTranslation();
  return (
    <>
      {claimLabel && (
        <Setting name={t('voucher.operation.button')}>
          <bdi>{claimLabel}</bdi>
        </Setting>
      )}
      {afterClaim && afterClaim.type !== 'none' && (
        <Setting name={t('voucher.operation.afterClaim')}>
          <bdi>{afterClaim.type === 'link' ? afterClaim.url : afterClaim.text}</bdi>
        </Setting>
      )}
      {popup && popup.trigger !== 'none' && (
        <Setting name={t(`voucher.operation.${popup.trigger}`)}>
          <bdi>{popup.title}</bdi> <bdi className="muted">{popup.text}</bdi>
        </Setting>
      )}
    </>
  );
}

/** A condition. One that always or never holds is said in words. */
function Rule({ when }: { when: string }) {
  const words = useWaitingWords();
  if (when === 'true') return words('settings.always');
  return when === 'false' ? words('settings.never') : <code>{when}</code>;
}
