import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** The rows of a CSV file with a head line, as texts by column. */
export const rows = <Column extends string>(folder: string, file: string): Record<Column, string>[] =>
  parse(readFileSync(join(folder, file)), { columns: true }) as Record<Column, string>[];

/** As `rows`, one after the other, for a large file. */
export function eachRow<Column extends string>(
  folder: string,
  file: string,
  take: (row: Record<Column, string>) => void,
): void {
  const onRecord = (row: Record<Column, string>): null => {
    take(row);
    return null;
  };
  parse(readFileSync(join(folder, file)), { columns: true, on_record: onRecord as never });
}
