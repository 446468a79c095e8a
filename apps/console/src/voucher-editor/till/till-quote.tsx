import { useTranslation } from 'react-i18next';
import type { DryQuote } from '../../api/answers.ts';
import { detailShown } from '../../decisions/check-detail.ts';
import { benefitShown, formatMoney } from '../../parts/money.ts';
import { useTillWords } from './till-words.ts';
import { VoucherTitle } from './voucher-title.tsx';

interface Props {
  quote: DryQuote;
  /** The saved voucher of the draft. */
  voucherId: string | undefined;
  /** The order's amount in minor units. */
  amount: number;
}

/** The price of the order, what each voucher takes off each line, and why the others are not used. */
export function TillQuote({ quote, voucherId, amount }: Props) {
  const words = useTillWords();
  const { t, i18n } = useTranslation();
  const { best, exact, inapplicable } = quote;
  const money = (minor: number): string => formatMoney(minor, best.currency, i18n.language);
  const title = (id: string) => <VoucherTitle id={id} voucherId={voucherId} />;
  return (
    <div className="till-quote">
      <p role="status">
        <strong className="till-total">{words('total', { total: money(best.total) })}</strong>{' '}
        <span className="muted">
          {best.discount > 0
            ? words('saved', { amount: money(best.total + best.discount), discount: money(best.discount) })
            : words('nothing')}
        </span>
      </p>
      {!exact && <p className="editor-warning">{words('cut')}</p>}
      {best.discount > 0 && <Split best={best} money={money} title={title} amount={amount} />}
      {best.entitlements.length > 0 && (
        <>
          <h3>{words('entitlements')}</h3>
          <ul className="till-list">
            {best.entitlements.map(({ voucherId: id, benefit }) => (
              <li key={id}>
                {title(id)} · {benefitShown(benefit, i18n.language, t)}
              </li>
            ))}
          </ul>
        </>
      )}
      {inapplicable.length > 0 && (
        <>
          <h3>{words('left')}</h3>
          <ul className="till-list">
            {inapplicable.map(({ voucherId: id, reason, checks, shortfall }) => (
              <li key={id}>
                <span>{title(id)}</span> <span className="verdict">{t(`reasons.staff.${reason}`)}</span>
                {shortfall && (
                  <strong className="till-missing">
                    {words('missing', { amount: formatMoney(shortfall.amount, shortfall.currency, i18n.language) })}
                  </strong>
                )}
                {checks.length > 0 && (
                  <details>
                    <summary>{words('checks')}</summary>
                    <ol className="trial-checks">
                      {checks.map(({ check, passed, detail }) => (
                        <li key={check}>
                          {t(`reasons.check.${check as 'paused'}`, { defaultValue: check })}{' '}
                          <span className={passed ? 'good' : 'bad'}>{words(passed ? 'passed' : 'failed')}</span>
                          {detail && <p className="muted">{detailShown(detail, t, i18n.language, best.currency)}</p>}
                        </li>
                      ))}
                    </ol>
                  </details>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

interface SplitProps {
  best: DryQuote['best'];
  money(minor: number): string;
  title(id: string): React.ReactNode;
  amount: number;
}

function Split({ best: { voucherIds, lines, discount, total }, money, title, amount }: SplitProps) {
  const words = useTillWords();
  const taking = voucherIds.filter((id) => lines.some(({ by }) => by.some((part) => part.voucherId === id)));
  const taken = (by: DryQuote['best']['lines'][number]['by'], id: string): number =>
    by.find((part) => part.voucherId === id)?.amount ?? 0;
  const less = (minor: number): string => (minor === 0 ? '–' : `−${money(minor)}`);
  return (
    <div className="scrolls" tabIndex={0} role="region" aria-label={words('split')}>
      <table className="plain till-split">
        <caption>{words('split')}</caption>
        <thead>
          <tr>
            <th scope="col">{words('line')}</th>
            <th scope="col">{words('price')}</th>
            {taking.map((id) => (
              <th scope="col" key={id}>
                {title(id)}
              </th>
            ))}
            <th scope="col">{words('pay')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, place) => (
            <tr key={place}>
              <th scope="row">
                <bdi>{line.sku ?? words('rest')}</bdi>
              </th>
              <td>{money(line.amount)}</td>
              {taking.map((id) => (
                <td key={id}>{less(taken(line.by, id))}</td>
              ))}
              <td>{money(line.amount - line.discount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{words('all')}</th>
            <td>{money(amount)}</td>
            {taking.map((id) => (
              <td key={id}>{less(lines.reduce((sum, { by }) => sum + taken(by, id), 0))}</td>
            ))}
            <td>
              <strong title={money(discount)}>{money(total)}</strong>
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
