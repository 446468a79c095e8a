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

interface Row {
  record: string[];
  info: { lines: number };
}

export function readGoods(text: string): GoodsFile {
  let rows: Row[];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'],
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
    if (index === 0 && sku.toLowerCase() === 'sku') continue;
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
