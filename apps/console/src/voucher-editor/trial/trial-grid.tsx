// The test grid: example users × times, judged by the platform with the unsaved spec. A cell opens its checks.
import type { Node, VoucherSpec } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, services } from '../../api/api.ts';
import { problemFrom } from '../../api/api-problem.ts';
import type { DryRunCase, DryRunDecision } from '../../api/answers.ts';
import { userAttributesQuery } from '../../api/queries.ts';
import { detailShown } from '../../decisions/check-detail.ts';
import { formatMoment } from '../../parts/moment.ts';
import { Problem } from '../../parts/problem.tsx';
import { faultShown } from '../../parts/fault-text.ts';
import { useEditing, useSpec } from '../draft/draft.context.ts';
import { currencyOf } from '../draft/benefit-currency.ts';
import { useSpecFaults } from '../draft/spec-faults.ts';
import { fieldName } from '../draft/field-names.ts';
import { useWords } from '../editor-words.ts';
import {
  casesOf,
  edgeTimes,
  firstUsers,
  joiningsOf,
  MOST_CASES,
  needsUsers,
  type ExampleUse,
  type ExampleUser,
} from './trial-cases.ts';
import { TrialUse } from './trial-use.tsx';
import { TrialUsers, TrialTimes } from './trial-users.tsx';

const RUN_AFTER_MS = 500;

function useSettledCases(spec: VoucherSpec, cases: DryRunCase[]): { spec: VoucherSpec; cases: DryRunCase[] } {
  const [settled, setSettled] = useState({ spec, cases });
  useEffect(() => {
    const timer = setTimeout(() => setSettled({ spec, cases }), RUN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [spec, cases]);
  return settled;
}

/** A rule can be tested before the voucher has a name. */
const withName = (spec: VoucherSpec): VoucherSpec => (spec.name === '' ? { ...spec, name: '-' } : spec);

export function TrialGrid({ node }: { node: Node }) {
  const words = useWords();
  const { t } = useTranslation();
  const { voucherId } = useEditing();
  const spec = useSpec();
  const zone = spec.windows.timeZone;
  const { data: attributes } = useQuery(userAttributesQuery);
  const [ownUsers, setUsers] = useState<ExampleUser[]>();
  const [moreTimes, setMoreTimes] = useState<string[]>([]);
  const [use, setUse] = useState<ExampleUse>(() => ({
    amount: 10_000,
    currency: currencyOf(spec),
    skus: [],
    uses: 0,
  }));
  const users = useMemo(() => ownUsers ?? firstUsers(attributes?.items ?? []), [ownUsers, attributes]);
  const times = useMemo(() => [...new Set([...edgeTimes(spec, node), ...moreTimes])].sort(), [spec, node, moreTimes]);
  const cases = useMemo(() => casesOf(node, spec, users, times, use), [node, spec, users, times, use]);
  const settled = useSettledCases(spec, cases);
  const run = useQuery({
    queryKey: ['dry-run', settled],
    queryFn: async () => {
      // With its id, the counters of an existing voucher count.
      const about = { ...(voucherId && { voucherId }), spec: withName(settled.spec) };
      const judge = (judged: DryRunCase[]) =>
        answer(services().pageDelivery.POST('/v1/dry-run', { body: { ...about, cases: judged } }));
      const isRanked = node === 'claim' && Boolean(settled.spec.waitingList);
      // One after the other, since a caller may not have much judged at once.
      const { items } = await judge(settled.cases);
      const joinings = isRanked ? await judge(joiningsOf(settled.cases)) : undefined;
      return { items: items.map((item, index) => ({ ...item, ...rankIn(joinings?.items[index]) })) };
    },
    enabled: settled.cases.length > 0,
    placeholderData: (before) => before,
    gcTime: 0,
    // A spec may have 20,000 goods, so specs are compared by identity instead of by content.
    queryKeyHashFn: () => `dry-run ${node} ${versionOf(settled)}`,
    retry: false,
  });
  const problem = run.error ? problemFrom(run.error) : undefined;
  useSpecFaults(run.isFetching ? undefined : settled.spec, problem);
  const isCurrent = settled.cases === cases && !run.isPlaceholderData && run.data !== undefined;
  const [opened, setOpened] = useState<{ row: number; column: number }>();
  const rows = needsUsers(node) ? users : [undefined];
  const decisionAt = (row: number, column: number) => run.data?.items[row * times.length + column];
  const openedDecision = opened && decisionAt(opened.row, opened.column);
  return (
    <div className="trial">
      <h3>{words('trial.title')}</h3>
      <p className="muted">{words('trial.text', { zone })}</p>
      {node === 'use' && <TrialUse use={use} onChange={setUse} />}
      {problem?.status === 400 ? (
        <div className="editor-fault" role="status">
          {words('trial.unclear')}
          <ul>
            {problem.errors.slice(0, 5).map((fault) => (
              <li key={fault.pointer + fault.message}>
                {fieldName(fault.pointer.replace(/^\/spec/, ''), words)}: {faultShown(fault, t)}
              </li>
            ))}
          </ul>
        </div>
      ) : problem ? (
        <Problem error={problem} onRetry={() => void run.refetch()} />
      ) : null}
      <div className={`scrolls ${isCurrent ? '' : 'trial-old'}`} aria-busy={run.isFetching}>
        <table className="plain trial-table">
          <thead>
            <tr>
              <th scope="col">{needsUsers(node) ? words('trial.user') : words('trial.voucher')}</th>
              {times.map((time) => (
                <th scope="col" key={time}>
                  {formatMoment(time, time.endsWith(':59.000Z') ? 'second' : 'minute', zone)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((user, row) => (
              <tr key={user?.id ?? 'voucher'}>
                <th scope="row">
                  {user ? <TrialUsers.Name user={user} users={users} onChange={setUsers} /> : words('trial.voucher')}
                </th>
                {times.map((time, column) => {
                  const decision = problem?.status === 400 ? undefined : decisionAt(row, column);
                  return (
                    <td key={time}>
                      {decision && (
                        <DecisionButton
                          node={node}
                          decision={decision}
                          user={user?.id ?? words('trial.voucher')}
                          time={formatMoment(time, 'second', zone)}
                          onClick={() => setOpened({ row, column })}
                        />
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row">
        {needsUsers(node) && <TrialUsers.Add users={users} onChange={setUsers} />}
        <TrialTimes zone={zone} onAdd={(time) => setMoreTimes((before) => [...before, time])} />
        {rows.length * times.length > MOST_CASES && (
          <span className="muted">{words('trial.truncated', { count: MOST_CASES })}</span>
        )}
      </div>
      <Modal
        open={openedDecision !== undefined}
        onCancel={() => setOpened(undefined)}
        footer={null}
        title={
          opened &&
          words('trial.checks', {
            user: rows[opened.row]?.id ?? words('trial.voucher'),
            time: formatMoment(times[opened.column] ?? '', 'second', zone),
          })
        }
      >
        {openedDecision && <Checks node={node} decision={openedDecision} currency={use.currency} />}
      </Modal>
    </div>
  );
}

const rankIn = (joining: DryRunDecision | undefined): Pick<DryRunDecision, 'rank' | 'rankFault'> =>
  joining ? { rank: joining.rank, rankFault: joining.rankFault } : {};

const versions = new WeakMap<object, number>();
let latest = 0;
const versionOf = (asked: object): number => {
  if (!versions.has(asked)) versions.set(asked, ++latest);
  return versions.get(asked)!;
};

function useOutcomeText(node: Node): (decision: DryRunDecision) => string {
  const words = useWords();
  const { t } = useTranslation();
  return ({ verdict, reason }) => {
    if (node === 'enable' || node === 'terminate')
      return words(verdict === 'granted' ? 'trial.trueNow' : 'trial.falseNow');
    return verdict === 'granted' || !reason ? words('trial.granted') : t(`reasons.staff.${reason}`);
  };
}

interface DecisionButtonProps {
  node: Node;
  decision: DryRunDecision;
  user: string;
  time: string;
  onClick(): void;
}

function DecisionButton({ node, decision, user, time, onClick }: DecisionButtonProps) {
  const words = useWords();
  const { rank } = decision;
  const outcome = useOutcomeText(node)(decision);
  const ranked = rank === undefined ? '' : words('rank.shown', { rank });
  const verdict = [outcome, ranked].filter(Boolean).join(' · ');
  return (
    <>
      <Button
        type="text"
        size="small"
        className={`verdict ${decision.verdict}`}
        aria-label={words('trial.cell', { user, time, verdict })}
        onClick={onClick}
      >
        {decision.verdict === 'granted' ? '✓ ' : '✕ '}
        {outcome}
      </Button>
      {ranked && <small className="trial-rank">{ranked}</small>}
    </>
  );
}

function Checks({ node, decision, currency }: { node: Node; decision: DryRunDecision; currency: string }) {
  const words = useWords();
  const { t, i18n } = useTranslation();
  const { rank, rankFault } = decision;
  return (
    <>
      <p className={`verdict ${decision.verdict}`}>{useOutcomeText(node)(decision)}</p>
      {rank !== undefined && (
        <p>{rankFault ? words('rank.faulty', { fault: rankFault }) : words('rank.shown', { rank })}</p>
      )}
      <ol className="trial-checks">
        {decision.checks.map(({ check, passed, detail }) => (
          <li key={check}>
            <strong>{t(`reasons.check.${check as 'paused'}`, { defaultValue: check })}</strong>{' '}
            <span className={passed ? 'good' : 'bad'}>{words(passed ? 'trial.passed' : 'trial.failed')}</span>
            {detail && <p className="muted">{detailShown(detail, t, i18n.language, currency)}</p>}
          </li>
        ))}
      </ol>
    </>
  );
}
