// Shows the rows of a CSV file, and its faulty ones by line, before the user adds them.
import type { Goods } from '@vouchers/contracts';
import { Alert } from 'antd';
import { Button } from '../../parts/button.tsx';
import { useEffect, useState } from 'react';
import { useWords } from '../editor-words.ts';
import { fileText, type Encoding } from './file-text.ts';
import { MOST_GOODS, readGoods, type GoodsFile } from './goods-csv.ts';

interface Props {
  file: File;
  present: Goods[];
  onTake(goods: Goods[]): void;
  onCancel(): void;
}

const MOST_SHOWN = 50;
const PREVIEWED = 5;

export default function GoodsImport({ file, present, onTake, onCancel }: Props) {
  const words = useWords();
  const [read, setRead] = useState<GoodsFile & { encoding: Encoding }>();
  useEffect(() => {
    let isShown = true;
    void file.arrayBuffer().then((buffer) => {
      const { text, encoding } = fileText(new Uint8Array(buffer));
      const goods = text === undefined ? { goods: [], faults: [], unreadable: { line: 1 } } : readGoods(text);
      if (isShown) setRead({ ...goods, encoding });
    });
    return () => {
      isShown = false;
    };
  }, [file]);
  if (!read) return null;
  const { goods, faults, unreadable, encoding } = read;
  const skus = new Set(present.map(({ sku }) => sku));
  const added = goods.filter(({ sku }) => !skus.has(sku));
  const isClean = faults.length === 0 && !unreadable;
  return (
    <Alert
      role="status"
      type={isClean ? 'info' : 'warning'}
      title={`${file.name}: ${words('goods.good', { count: goods.length })}${faults.length > 0 ? `, ${words('goods.faulty', { count: faults.length })}` : ''}`}
      description={
        <>
          <p className="muted">{words('goods.encoding', { encoding: encoding.toUpperCase() })}</p>
          {unreadable && <p>{words('goods.unreadable', { line: unreadable.line })}</p>}
          {goods.length > 0 && (
            <table className="plain goods-preview">
              <thead>
                <tr>
                  <th scope="col">{words('goods.sku')}</th>
                  <th scope="col">{words('goods.name')}</th>
                </tr>
              </thead>
              <tbody>
                {goods.slice(0, PREVIEWED).map(({ sku, name }) => (
                  <tr key={sku}>
                    <td dir="auto">{sku}</td>
                    <td dir="auto">{name}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {faults.length > 0 && (
            <ul className="goods-faults" tabIndex={0} aria-label={words('goods.faulty', { count: faults.length })}>
              {faults.slice(0, MOST_SHOWN).map(({ line, fault }) => (
                <li key={line}>
                  {words('goods.line', { line })}: {words(`goods.${fault}`)}
                </li>
              ))}
              {faults.length > MOST_SHOWN && <li>{words('goods.more', { count: faults.length - MOST_SHOWN })}</li>}
            </ul>
          )}
          <div className="row">
            <Button type="primary" disabled={goods.length === 0} onClick={() => onTake(goods)}>
              {words('goods.replace')}
            </Button>
            {present.length > 0 && (
              <Button
                disabled={added.length === 0 || present.length + added.length > MOST_GOODS}
                onClick={() => onTake([...present, ...added])}
              >
                {words('goods.append')} (+{added.length})
              </Button>
            )}
            <Button type="text" onClick={onCancel}>
              {words('goods.cancel')}
            </Button>
          </div>
        </>
      }
    />
  );
}
