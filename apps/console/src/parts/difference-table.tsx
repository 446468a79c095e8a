import type { Goods } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { valueShown, type Difference } from './difference.ts';
import { GoodsChanges } from './goods-changes.tsx';
import './difference-table.css';

interface Props {
  differences: readonly Difference[];
  /** The name of a pointer's field for people. */
  nameOf(pointer: string): string;
}

/** A table of changed fields with their values before and after. Rules (CEL) stand side by side as code. */
export function DifferenceTable({ differences, nameOf }: Props) {
  const { t } = useTranslation();
  return (
    <table className="difference">
      <thead>
        <tr>
          <th scope="col">{t('voucher.version.field')}</th>
          <th scope="col">{t('voucher.version.before')}</th>
          <th scope="col">{t('voucher.version.after')}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ pointer, before, after }) => (
          <tr key={pointer}>
            <th scope="row">
              {nameOf(pointer)} <code className="muted">{pointer.slice(1).replaceAll('/', ' › ')}</code>
            </th>
            {pointer === '/goods' ? (
              <td colSpan={2}>
                <GoodsChanges before={(before ?? []) as Goods[]} after={(after ?? []) as Goods[]} />
              </td>
            ) : (
              <Values before={before} after={after} />
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Values = ({ before, after }: Pick<Difference, 'before' | 'after'>) => (
  <>
    <td>
      {before === undefined ? (
        <Absent />
      ) : (
        <del>
          <Value value={before} />
        </del>
      )}
    </td>
    <td>
      {after === undefined ? (
        <Absent />
      ) : (
        <ins>
          <Value value={after} />
        </ins>
      )}
    </td>
  </>
);

function Absent() {
  const { t } = useTranslation();
  return <span className="muted">{t('voucher.version.absent')}</span>;
}

const Value = ({ value }: { value: unknown }) => <pre>{valueShown(value)}</pre>;
