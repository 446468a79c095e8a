// The result of a simulation: what was asked, both funnels, both pools, the classes, the reasons, and who is concerned.
import type { UseInfiniteQueryResult, InfiniteData } from '@tanstack/react-query';
import type { CounterValues, DifferenceClass, Simulation, SimulationReason, Voucher } from '@vouchers/contracts';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { Button } from '../parts/button.tsx';
import { DifferenceTable } from '../parts/difference-table.tsx';
import { differences as differencesOf } from '../parts/difference.ts';
import { Bars } from '../parts/bars.tsx';
import { FunnelBars } from '../parts/funnel-bars.tsx';
import { funnelOf } from '../parts/funnel.ts';
import { formatCount, formatRate } from '../parts/money.ts';
import { Placeholder } from '../parts/placeholder.tsx';
import { UnitsStrip } from '../parts/units-strip.tsx';
import { useFieldName } from '../voucher-editor/draft/field-names.ts';
import { Concerned } from './concerned.tsx';
import { CLASSES, newClaims, type Chosen, type DifferencePage } from './simulations.ts';
import { useOutcome } from './outcome.ts';
import { useWhatIfWords } from './what-if-words.ts';

const UnitsOverTime = lazy(() => import('./units-over-time.tsx'));

interface Props {
  simulation: Simulation;
  voucher: Voucher;
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
  differences: UseInfiniteQueryResult<InfiniteData<DifferencePage>>;
}

export function Result({ simulation, voucher, chosen, onChoose, differences }: Props) {
  const words = useWhatIfWords();
  const { language } = usePreferences();
  const { identity, was, would, series = [], unpriced = 0, nodes } = simulation;
  if (!was || !would || !identity) return null;
  const count = (number: number): string => formatCount(number, language);
  const added = newClaims(simulation);
  return (
    <>
      <section className="panel stack">
        <Changes simulation={simulation} voucher={voucher} />
        <p className={`proof-line ${identity.differences === 0 ? 'holds' : 'fails'}`}>
          {words('identity', { decisions: count(identity.decisions), differences: count(identity.differences) })}
        </p>
        {nodes === 'approximate' && <p className="muted">{words('approximate')}</p>}
        {unpriced > 0 && <p className="muted">{words('unpriced', { count: unpriced })}</p>}
      </section>
      <div className="what-if-pair">
        <section className="panel" aria-label={`${words('funnels')}: ${words('was')}`}>
          <FunnelBars title={`${words('funnels')}: ${words('was')}`} counters={was} />
        </section>
        <section className="panel" aria-label={`${words('funnels')}: ${words('would')}`}>
          {added === 0 ? (
            <FunnelBars title={`${words('funnels')}: ${words('would')}`} counters={would} />
          ) : (
            <KnownFunnel counters={would} added={added} />
          )}
        </section>
        <section className="panel" aria-label={`${words('units')}: ${words('was')}`}>
          <h2>
            {words('units')}: {words('was')}
          </h2>
          <UnitsStrip counters={was} unlimited={words('unlimited')} />
        </section>
        <section className="panel" aria-label={`${words('units')}: ${words('would')}`}>
          <h2>
            {words('units')}: {words('would')}
          </h2>
          <UnitsStrip counters={would} unlimited={words('unlimited')} />
          {added > 0 && (
            <p className="muted">
              {words('newClaims', { count: added })}. {words('newClaimsText')}
            </p>
          )}
        </section>
      </div>
      {was.free !== null && would.free !== null && series.length > 1 && (
        <Suspense fallback={<Placeholder height={260} />}>
          <UnitsOverTime series={series} zone={voucher.windows.timeZone} />
        </Suspense>
      )}
      <Classes simulation={simulation} chosen={chosen} onChoose={onChoose} />
      <Reasons reasons={simulation.reasons ?? []} chosen={chosen} onChoose={onChoose} />
      <Concerned
        differences={differences}
        voucher={voucher}
        more={simulation.more ?? 0}
        chosen={chosen}
        onChoose={onChoose}
      />
      <section className="panel">
        <h2>{words('limits')}</h2>
        <ul>
          {(['came', 'used', 'seen'] as const).map((limit) => (
            <li key={limit}>{words(`limit.${limit}`)}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** The fields in which the asked spec differs from the present one. Goods do not come with it. */
function Changes({ simulation, voucher }: Pick<Props, 'simulation' | 'voucher'>) {
  const words = useWhatIfWords();
  const fieldName = useFieldName();
  const asked: Record<string, unknown> = { ...simulation.spec };
  const present = Object.fromEntries(Object.keys(asked).map((name) => [name, voucher[name as keyof Voucher]]));
  delete asked['goods'];
  delete present['goods'];
  const found = differencesOf(present, asked);
  return (
    <>
      <h2>{words('changes')}</h2>
      {found.length === 0 ? (
        <p className="muted">{words('same')}</p>
      ) : (
        <div className="scrolls" tabIndex={0} role="region" aria-label={words('changes')}>
          <DifferenceTable differences={found} nameOf={fieldName} />
        </div>
      )}
    </>
  );
}

/** The funnel without the redemptions, since those of the new claims are not known. What is known stands as text. */
function KnownFunnel({ counters, added }: { counters: CounterValues; added: number }) {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const bars = funnelOf(counters).map(({ key, count, length, of }) => {
    const number = formatCount(count, language);
    const name = t(`terms.count.${key}`);
    const colour = `bar-${key}`;
    if (key === 'redeemed') return { key, name, number: '', length: 0, note: words('atLeast', { number }), colour };
    const rate = of === undefined ? undefined : formatRate(count, of, language);
    const note = rate && t('voucher.ofPushed', { rate });
    return { key, name, number, length, ...(note && { note }), colour };
  });
  return (
    <>
      <Bars title={`${words('funnels')}: ${words('would')}`} bars={bars} />
      <p className="muted">
        {words('newClaims', { count: added })}. {words('newClaimsText')}
      </p>
    </>
  );
}

interface Choosing {
  chosen: Chosen;
  onChoose(chosen: Chosen): void;
}

function Classes({ simulation: { classes, missing = {} }, chosen, onChoose }: Choosing & Pick<Props, 'simulation'>) {
  const words = useWhatIfWords();
  const { language } = usePreferences();
  const lacking = Object.entries(missing).map(([name, number]) => `${name} (${formatCount(number, language)})`);
  return (
    <section className="panel stack">
      <h2>{words('classes')}</h2>
      <p className="muted">{words('classesText')}</p>
      <div className="scrolls" tabIndex={0} role="region" aria-label={words('classes')}>
        <table className="plain what-if-classes">
          <thead>
            <tr>
              <th scope="col">{words('className')}</th>
              <th scope="col" className="number">
                {words('number')}
              </th>
              <th scope="col">{words('meansHead')}</th>
              <th scope="col">{words('meansNotHead')}</th>
            </tr>
          </thead>
          <tbody>
            {CLASSES.map((one) => (
              <tr key={one}>
                <th scope="row">
                  <Only what={words(`class.${one}`)} choice={{ class: one }} chosen={chosen} onChoose={onChoose} />
                </th>
                <td className="number">
                  <strong>{formatCount(classes?.[one] ?? 0, language)}</strong>
                </td>
                <td>{words(`means.${one}`)}</td>
                <td className="muted">{words(`meansNot.${one}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lacking.length > 0 && <p>{words('missing', { names: lacking.join(language === 'en' ? ', ' : '、') })}</p>}
    </section>
  );
}

/** A button that shows only these decisions below, or all of them again. */
function Only({ what, choice, chosen, onChoose }: Choosing & { what: string; choice: Chosen }) {
  const words = useWhatIfWords();
  const isChosen = chosen.class === choice.class && chosen.reason === choice.reason;
  return (
    <Button
      type="link"
      size="small"
      aria-pressed={isChosen}
      aria-label={words('only', { what })}
      onClick={() => onChoose(isChosen ? {} : choice)}
    >
      {what}
    </Button>
  );
}

function Reasons({ reasons, chosen, onChoose }: Choosing & { reasons: readonly SimulationReason[] }) {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  const { language } = usePreferences();
  const outcome = useOutcome();
  const choiceOf = ({ class: of, was, would }: SimulationReason): Chosen => {
    const reason = [was, would].find((one) => one !== 'granted' && one !== 'moot') as Chosen['reason'];
    return { class: of as DifferenceClass, ...(reason && { reason }) };
  };
  return (
    <section className="panel stack">
      <h2>{words('reasons')}</h2>
      {reasons.length === 0 ? (
        <p className="muted">{words('reasonsNone')}</p>
      ) : (
        <div className="scrolls" tabIndex={0} role="region" aria-label={words('reasons')}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{words('kind')}</th>
                <th scope="col">{words('was')}</th>
                <th scope="col">{words('would')}</th>
                <th scope="col">{words('className')}</th>
                <th scope="col" className="number">
                  {words('number')}
                </th>
              </tr>
            </thead>
            <tbody>
              {reasons.map((one) => {
                const kind = t(`terms.kind.${one.kind}`);
                return (
                  <tr key={[one.class, one.kind, one.was, one.would].join()}>
                    <th scope="row">{kind}</th>
                    <td>{outcome(one.was)}</td>
                    <td>
                      <span aria-hidden>→ </span>
                      {outcome(one.would)}
                    </td>
                    <td>
                      <Only
                        what={words(`class.${one.class}`)}
                        choice={choiceOf(one)}
                        chosen={chosen}
                        onChoose={onChoose}
                      />
                    </td>
                    <td className="number">{formatCount(one.n, language)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
