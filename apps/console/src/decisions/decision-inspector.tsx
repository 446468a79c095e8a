import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../api/api.ts';
import type { Decision } from '../api/answers.ts';
import { voucherQuery } from '../api/queries.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { formatMoment } from '../parts/moment.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { Problem } from '../parts/problem.tsx';
import { valueShown } from '../parts/difference.ts';
import { detailShown } from './check-detail.ts';
import { checksOf, type CheckShown } from './checks.ts';
import './decision.css';

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

function DecisionShown({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const { kind, verdict, reason, at, occurredAt, voucherId, voucherVersion, userId, claimId, submissionId } = decision;
  const { data } = useQuery(voucherQuery(voucherId));
  const zone = data?.value.windows.timeZone ?? 'UTC';
  const granted = verdict === 'granted';
  return (
    <div className="stack">
      <p className={`decision-verdict ${verdict}`}>
        <strong>
          {granted
            ? t('screens.decision.granted', { kind: t(`terms.kind.${kind}`) })
            : t('screens.decision.refused', { reason: reason ? t(`reasons.staff.${reason}`) : '' })}
        </strong>
        <span>
          {formatMoment(at, 'millisecond', zone)} {zone} · {t('terms.version', { version: voucherVersion })}
        </span>
      </p>
      <section>
        <h2>{t('screens.decision.checks')}</h2>
        <ol className="checks">
          {checksOf(kind, decision.checks).map((check) => (
            <CheckLine key={check.check} check={check} />
          ))}
        </ol>
      </section>
      <Facts facts={decision.facts} />
      {reason && (
        <section>
          <h2>{t('screens.decision.customerRead')}</h2>
          <blockquote>{t(`reasons.customer.${reason}`)}</blockquote>
        </section>
      )}
      <dl className="settings">
        <dt>{t('screens.decision.voucher')}</dt>
        <dd>
          <Link to="/vouchers/$id" params={{ id: voucherId }}>
            <bdi>{data?.value.name ?? voucherId}</bdi>
          </Link>{' '}
          <Link to="/vouchers/$id/versions" params={{ id: voucherId }} search={{ to: voucherVersion }}>
            v{voucherVersion}
          </Link>
        </dd>
        {userId && (
          <>
            <dt>{t('screens.decision.user')}</dt>
            <dd>
              <Link to="/vouchers/$id/events" params={{ id: voucherId }} search={{ userId }}>
                <bdi>{userId}</bdi>
              </Link>
            </dd>
          </>
        )}
        {claimId && (granted || kind !== 'claim') && (
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
    </div>
  );
}

function CheckLine({ check: { check, status, detail } }: { check: CheckShown }) {
  const { t } = useTranslation();
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
        {detail && <span className="detail">{detailShown(detail, t)}</span>}
      </span>
      <span>{t(word[status])}</span>
    </li>
  );
}

function Facts({ facts }: { facts: Decision['facts'] }) {
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
