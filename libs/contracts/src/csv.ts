// Writes CSV (RFC 4180) that spreadsheets open as it was meant.

/** Begins a file, so that spreadsheets read it as UTF-8. */
export const CSV_MARK = '\ufeff';

/** A spreadsheet would compute a text that begins so. Users choose their ids themselves. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** One line with its line break. Absent values are empty. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
