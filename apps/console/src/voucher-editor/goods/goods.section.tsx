import { atMost } from '../../parts/characters.ts';
import { Icon } from '../../parts/icon.tsx';
import type { Goods } from '@vouchers/contracts';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Input, Popconfirm, Upload } from 'antd';
import { Button } from '../../parts/button.tsx';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useEditing, useFault, useValue } from '../draft/draft.context.ts';
import { fieldId } from '../draft/field-focus.ts';
import { useWords } from '../editor-words.ts';
import { Section } from '../sections/section.tsx';

const GoodsImport = lazy(() => import('./goods-import.tsx'));
const MOST = 20_000;
const ROW_PX = 36;

export function GoodsSection() {
  const words = useWords();
  const { isLocked } = useEditing();
  const locked = isLocked('/goods');
  const [goods, setGoods] = useValue<Goods[]>('/goods');
  const fault = useFault('/goods');
  const [file, setFile] = useState<File>();
  const [search, setSearch] = useState('');
  return (
    <Section name="goods" aside={<span className="muted">{words('goods.count', { count: goods.length })}</span>}>
      <p className="muted">{words('goods.text')}</p>
      <div className="row" id={fieldId('/goods')}>
        <Upload
          accept=".csv,.tsv,.txt,text/csv"
          showUploadList={false}
          disabled={locked}
          beforeUpload={(chosen) => {
            setFile(chosen);
            return false;
          }}
        >
          <Button icon={<Icon of="Upload" />} disabled={locked}>
            {words('goods.import')}
          </Button>
        </Upload>
        <Button
          icon={<Icon of="Plus" />}
          disabled={locked || goods.length >= MOST}
          onClick={() => {
            setSearch('');
            setGoods([{ sku: '' }, ...goods]);
          }}
        >
          {words('goods.add')}
        </Button>
        {goods.length > 0 && (
          <>
            <Input
              className="goods-search"
              allowClear
              aria-label={words('goods.search')}
              placeholder={words('goods.search')}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
            <Popconfirm title={`${words('goods.clear')}?`} onConfirm={() => setGoods([])} disabled={locked}>
              <Button danger disabled={locked} icon={<Icon of="Delete" />}>
                {words('goods.clear')}
              </Button>
            </Popconfirm>
          </>
        )}
      </div>
      {file && (
        <Suspense fallback={null}>
          <GoodsImport
            key={`${file.name} ${file.lastModified}`}
            file={file}
            present={goods}
            onTake={(taken) => {
              setGoods(taken);
              setFile(undefined);
            }}
            onCancel={() => setFile(undefined)}
          />
        </Suspense>
      )}
      {goods.length > 0 && <GoodsList goods={goods} search={search} locked={locked} onChange={setGoods} />}
      {fault && (
        <p className="editor-fault" role="alert">
          {fault}
        </p>
      )}
    </Section>
  );
}

interface ListProps {
  goods: Goods[];
  search: string;
  locked: boolean;
  onChange(goods: Goods[]): void;
}

/** A virtual list: only the rows in view are rendered. */
function GoodsList({ goods, search, locked, onChange }: ListProps) {
  const words = useWords();
  const area = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const sought = search.trim().toLowerCase();
    return goods.flatMap(({ sku, name = '' }, index) =>
      `${sku} ${name}`.toLowerCase().includes(sought) ? [index] : [],
    );
  }, [goods, search]);
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => area.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
  });
  const put = (index: number, item: Goods): void => onChange(goods.with(index, item));
  return (
    <div
      ref={area}
      className="goods-area"
      role="table"
      aria-label={words('goods.list')}
      aria-rowcount={found.length}
      style={{ height: Math.min(360, found.length * ROW_PX + 2) }}
      tabIndex={0}
    >
      <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index: place, start }) => {
          const index = found[place]!;
          const { sku, name = '' } = goods[index]!;
          return (
            <div
              key={index}
              role="row"
              aria-rowindex={place + 1}
              className="goods-row"
              style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
            >
              <span role="cell">
                <Input
                  id={fieldId(`/goods/${index}/sku`)}
                  aria-label={`${words('goods.sku')} ${index + 1}`}
                  value={sku}
                  disabled={locked}
                  status={sku === '' ? 'error' : ''}
                  placeholder={words('goods.sku')}
                  onChange={({ target }) => put(index, { ...goods[index]!, sku: atMost(200, target.value) })}
                />
              </span>
              <span role="cell">
                <Input
                  id={fieldId(`/goods/${index}/name`)}
                  aria-label={`${words('goods.name')} ${index + 1}`}
                  value={name}
                  disabled={locked}
                  placeholder={words('goods.name')}
                  onChange={({ target }) =>
                    put(index, target.value ? { sku, name: atMost(200, target.value) } : { sku })
                  }
                />
              </span>
              <span role="cell">
                <Button
                  type="text"
                  icon={<Icon of="Delete" />}
                  disabled={locked}
                  aria-label={words('goods.remove', { sku: sku || index + 1 })}
                  onClick={() => onChange(goods.toSpliced(index, 1))}
                />
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
