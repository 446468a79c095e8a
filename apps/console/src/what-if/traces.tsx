// Both traces of one submission: the decision that was made, and the one that the asked spec would have given.
import type { SimulationDifference, Voucher } from '@vouchers/contracts';
import { CheckLines, DecisionInspector } from '../decisions/decision-inspector.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { formatMoment } from '../parts/moment.ts';
import { outcomeOf, useOutcome } from './outcome.ts';
import { useWhatIfWords } from './what-if-words.ts';

interface Props {
  difference: SimulationDifference;
  voucher: Voucher;
  onClose(): void;
}

export default function Traces({ difference, voucher, onClose }: Props) {
  const words = useWhatIfWords();
  const outcome = useOutcome();
  const { submissionId, userId, at, kind, would, class: of, checks } = difference;
  const { benefit, windows } = voucher;
  const when = formatMoment(at, 'second', windows.timeZone);
  return (
    <Dialog title={words('tracesOf', { who: userId ?? submissionId, when })} onClose={onClose}>
      <div className="what-if-pair what-if-traces">
        <section className="stack">
          <h3>{words('was')}</h3>
          <DecisionInspector submissionId={submissionId} />
        </section>
        <section className="stack">
          <h3>{words('would')}</h3>
          <div className="decision">
            <p className={`decision-verdict ${would.verdict === 'granted' ? '' : 'refused'}`}>
              <strong>{outcome(outcomeOf(would))}</strong>
              <span>
                {words(`class.${of}`)}: {words(`means.${of}`)}
              </span>
            </p>
            {would.verdict === 'moot' ? (
              <p className="muted">{words('mootText')}</p>
            ) : (
              <CheckLines
                kind={kind}
                checks={checks}
                currency={benefit && 'currency' in benefit ? benefit.currency : undefined}
              />
            )}
          </div>
        </section>
      </div>
    </Dialog>
  );
}
