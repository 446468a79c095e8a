// Reads goods from CSV: `sku,name`, with or without a heading. It reports faulty rows by line; the others can be used.
import type { Goods } from '@vouchers/contracts';
import { parse } from 'csv-parse/browser/esm/sync';

export const MOST_GOODS = 20_000;
const LONGEST = 200;

export type RowFault = 'no-sku' | 'sku-too-long' | 'name-too-long' | 'too-many-columns' | 'repeated' | 'too-many-goods';

/** The content of a file. `unreadable`: from this line on the file is not CSV. */
export interface GoodsFile {
  goods: Goods[];
  faults: { line: number; fault: RowFault }[];
  unreadable?: { line: number };
}

const HEADING = /^(sku|sku编码|商品编码|商品编号|货号|编码)$/i;

interface Row {
  record: string[];
  info: { lines: number };
}

/** Unit: characters. */
const LOOKED_AT = 10_000;
const DELIMITERS = [',', ';', '\t'];
/** A first line for spreadsheets that names the delimiter. */
const NAMED = /^sep=([,;\t])\r?\n/i;

/** The delimiter of a file: the one that its first line names, else the one that splits most of its first lines. */
export function delimiterOf(text: string): string {
  const named = NAMED.exec(text)?.[1];
  if (named) return named;
  const lines = text
    .slice(0, LOOKED_AT)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split('\n');
  const splits = (delimiter: string): number => lines.filter((line) => line.includes(delimiter)).length;
  return DELIMITERS.reduce((best, one) => (splits(one) > splits(best) ? one : best));
}

export function readGoods(given: string): GoodsFile {
  const delimiter = delimiterOf(given.replace(/^\ufeff/, ''));
  const text = given.replace(/^\ufeff/, '').replace(NAMED, '\n');
  let rows: Row[];
  try {
    rows = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as Row[];
  } catch (error) {
    return { goods: [], faults: [], unreadable: { line: (error as { lines?: number }).lines ?? 1 } };
  }
  const file: GoodsFile = { goods: [], faults: [] };
  const seen = new Set<string>();
  for (const [index, { record, info }] of rows.entries()) {
    const [sku = '', name = '', ...others] = record;
    if (index === 0 && HEADING.test(sku)) continue;
    const fault = faultOf(sku, name, others, seen, file.goods.length);
    if (fault) file.faults.push({ line: info.lines, fault });
    else file.goods.push(name ? { sku, name } : { sku });
    seen.add(sku);
  }
  return file;
}

function faultOf(sku: string, name: string, others: string[], seen: Set<string>, taken: number): RowFault | undefined {
  if (sku === '') return 'no-sku';
  if (others.some((one) => one !== '')) return 'too-many-columns';
  if ([...sku].length > LONGEST) return 'sku-too-long';
  if ([...name].length > LONGEST) return 'name-too-long';
  if (seen.has(sku)) return 'repeated';
  return taken >= MOST_GOODS ? 'too-many-goods' : undefined;
}
