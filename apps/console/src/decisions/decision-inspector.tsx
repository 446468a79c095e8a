import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Benefit, Check, Facts, Node } from '@vouchers/contracts';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import type { Decision } from '../api/answers.ts';
import { voucherQuery } from '../api/queries.ts';
import { actorWords } from '../parts/actor.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { formatMoment } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { valueShown } from '../parts/difference.ts';
import { detailShown } from './check-detail.ts';
import { checksOf, type CheckShown } from './checks.ts';
import { CustomerRead } from './customer-read.tsx';
import './decision.css';

const RuleShown = lazy(() => import('./rule-shown.tsx'));

/** Shows why a submission was granted or refused. */
export function DecisionInspector({ submissionId }: { submissionId: string }) {
  const found = useQuery({
    queryKey: ['decision', submissionId],
    queryFn: () =>
      answer(services().ledger.GET('/v1/submissions/{id}/decision', { params: { path: { id: submissionId } } })),
    staleTime: Infinity,
  });
  if (found.data) return <DecisionShown decision={found.data} />;
  if (found.error) return <Problem error={found.error} onRetry={() => void found.refetch()} persistent />;
  return <Placeholder rows={6} height={36} />;
}

/** The node whose rule judges this kind. */
const RULED: Partial<Record<Decision['kind'], Node>> = { claim: 'claim', redemption: 'use' };

function DecisionShown({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const { kind, verdict, reason, at, voucherId, voucherVersion, facts } = decision;
  const { data } = useQuery(voucherQuery(voucherId));
  const zone = data?.value.windows.timeZone ?? 'UTC';
  const currency = currencyOf(data?.value.benefit);
  const node = RULED[kind];
  return (
    <div className="decision">
      <p className={`decision-verdict ${verdict}`}>
        <strong>
          {verdict === 'granted'
            ? t('screens.decision.granted', { kind: t(`terms.kind.${kind}`) })
            : t('screens.decision.refused', { reason: reason ? t(`reasons.staff.${reason}`) : '' })}
        </strong>
        <span>
          {formatMoment(at, 'millisecond', zone)} {zone} · {t('terms.version', { version: voucherVersion })}
        </span>
      </p>
      <div className="decision-parts">
        <section>
          <h2>{t('screens.decision.checks')}</h2>
          <CheckLines kind={kind} checks={decision.checks} currency={currency} />
        </section>
        <div className="stack">
          {node && (
            <Suspense>
              <RuleShown voucherId={voucherId} version={voucherVersion} node={node} facts={facts as Facts} />
            </Suspense>
          )}
          <FactsShown facts={facts} />
          {reason && <CustomerRead reason={reason} />}
        </div>
      </div>
      <Particulars decision={decision} name={data?.value.name} zone={zone} />
    </div>
  );
}

/** The currency of a voucher's amounts, in which orders are shown. */
const currencyOf = (benefit: Benefit | undefined): string | undefined =>
  benefit && 'currency' in benefit ? benefit.currency : undefined;

function Particulars({ decision, name, zone }: { decision: Decision; name: string | undefined; zone: string }) {
  const { t } = useTranslation();
  const { kind, verdict, occurredAt, voucherId, voucherVersion, userId, claimId, submissionId, by } = decision;
  return (
    <dl className="settings">
      <dt>{t('screens.decision.voucher')}</dt>
      <dd>
        <Link to="/vouchers/$id" params={{ id: voucherId }}>
          <bdi>{name?.trim() || voucherId}</bdi>
        </Link>{' '}
        <Link to="/vouchers/$id/versions" params={{ id: voucherId }} search={{ to: voucherVersion }}>
          v{voucherVersion}
        </Link>
      </dd>
      {userId && (
        <>
          <dt>{t('screens.decision.user')}</dt>
          <dd>
            <Link to="/users/$userId" params={{ userId }}>
              <bdi>{userId}</bdi>
            </Link>
          </dd>
        </>
      )}
      {by && (
        <>
          <dt>{t('screens.decision.by')}</dt>
          <dd>
            <bdi title={by.sub}>{t('screens.decision.actor', actorWords(by))}</bdi>
          </dd>
        </>
      )}
      {claimId && (verdict === 'granted' || kind !== 'claim') && (
        <>
          <dt>{t('screens.decision.claim')}</dt>
          <dd>
            <Link to="/claims/$id" params={{ id: claimId }}>
              {claimId}
            </Link>
          </dd>
        </>
      )}
      <dt>{t('screens.decision.submission')}</dt>
      <dd>
        <CopyText text={submissionId} what={t('screens.decision.submission')} />
      </dd>
      <dt>{t('screens.decision.occurred')}</dt>
      <dd>
        {formatMoment(occurredAt, 'millisecond', zone)} {zone}
      </dd>
      <dt>{t('screens.decision.place')}</dt>
      <dd>
        {decision.partition}/{decision.seq}
      </dd>
    </dl>
  );
}

interface ChecksProps {
  kind: Decision['kind'];
  checks: readonly Check[];
  currency: string | undefined;
}

/** The checks of a decision in their order, with those that were not reached. */
export const CheckLines = ({ kind, checks, currency }: ChecksProps) => (
  <ol className="checks">
    {checksOf(kind, checks).map((check) => (
      <CheckLine key={check.check} check={check} currency={currency} />
    ))}
  </ol>
);

function CheckLine({
  check: { check, status, detail },
  currency,
}: {
  check: CheckShown;
  currency: string | undefined;
}) {
  const { t, i18n } = useTranslation();
  const words: Readonly<Record<string, string>> = t('reasons.check', { returnObjects: true });
  const word = {
    passed: 'screens.decision.passed',
    decided: 'screens.decision.decided',
    'not-reached': 'screens.decision.notReached',
  } as const;
  return (
    <li className={status}>
      <span aria-hidden>{{ passed: '✓', decided: '✗', 'not-reached': '·' }[status]}</span>
      <span>
        {words[check]} <code className="muted">{check}</code>
        {detail && <span className="detail">{detailShown(detail, t, i18n.language, currency)}</span>}
      </span>
      <span>{t(word[status])}</span>
    </li>
  );
}

function FactsShown({ facts }: { facts: Decision['facts'] }) {
  const { t } = useTranslation();
  const entries = Object.entries(facts);
  return (
    <section>
      <h2>{t('screens.decision.facts')}</h2>
      {entries.length === 0 ? (
        <p className="muted">{t('screens.decision.noFacts')}</p>
      ) : (
        <table className="plain facts">
          <tbody>
            {entries.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>
                  <pre>{valueShown(value)}</pre>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
