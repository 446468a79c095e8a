import { Button } from './button.tsx';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { barWidth } from './funnel.ts';
import './funnel.css';

export interface Bar {
  key: string;
  name: ReactNode;
  /** The formatted number. */
  number: string;
  /** 0 to 1. */
  length: number;
  /** A text beside the bar. */
  note?: string;
  /** The CSS class of the colour. */
  colour: string;
}

/** Bars with labels. The user can switch to a table. */
export function Bars({ title, bars, level = 2 }: { title: ReactNode; bars: readonly Bar[]; level?: 2 | 3 }) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const Heading = `h${level}` as const;
  return (
    <>
      <div className="row spread">
        <Heading>{title}</Heading>
        <Button size="small" type="link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? 'frame.asBars' : 'frame.asTable')}
        </Button>
      </div>
      {asTable ? (
        <table className="plain">
          <tbody>
            {bars.map(({ key, name, number, note }) => (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td className="number">{number}</td>
                <td className="number muted">{note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <div className="bars">
          {bars.map(({ key, name, number, length, note, colour }) => (
            <div key={key} className="bars-row">
              <span>{name}</span>
              <span className="number">{number}</span>
              <span className="bar-track">
                <span className={`bar ${colour}`} style={{ width: barWidth(length) }} aria-hidden />
              </span>
              <span className="muted">{note}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
