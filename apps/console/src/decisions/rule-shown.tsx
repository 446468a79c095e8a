import type { Facts, Node } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { versionQuery } from '../api/queries.ts';
import { clausesOf } from './rule-clauses.ts';

interface Props {
  voucherId: string;
  version: number;
  node: Node;
  facts: Facts;
}

/** The node's rule in the version that judged, clause by clause. */
export default function RuleShown({ voucherId, version, node, facts }: Props) {
  const { t } = useTranslation();
  const { data } = useQuery(versionQuery(voucherId, version));
  const when = data?.spec.nodes[node].when;
  return (
    <section>
      <h2>{t('screens.decision.rule', { node: t(`terms.node.${node}`), version })}</h2>
      {when !== undefined && (
        <ul className="clauses">
          {clausesOf(when, facts).map(({ text, result }, index) => (
            <li key={index} className={result}>
              <span aria-hidden>{{ holds: '✓', fails: '✗', missing: '✗', unknown: '·' }[result]}</span>
              <code>{text}</code>
              <span>{t(`screens.decision.clause.${result}`)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
