// Reads the query parameters of addresses. It ignores faulty ones, since people type, paste and store addresses.
// The router keeps a parameter that validation left out, so each screen reads its parameters again.
import type { EventType, Reason, VoucherStatus } from '@vouchers/contracts';

const STATES: readonly VoucherStatus[] = ['draft', 'published', 'enabled', 'paused', 'terminated'];
const LABEL = /^[a-z0-9-]{1,63}:.{0,200}$/su;

/** Query parameters before validation. */
export type Parameters = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, 500) : undefined;

const time = (value: unknown): string | undefined => {
  const at = Date.parse(text(value) ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

const wholeNumber = (value: unknown): number | undefined =>
  /^[1-9]\d{0,8}$/.test(String(value)) ? Number(value) : undefined;

/** Leaves out empty filters, so that they do not appear in the address. */
export function withoutGaps<T extends object>(filters: T): T {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== '')) as T;
}

export const isLabel = (value: string): boolean => LABEL.test(value);

export interface ListFilters {
  state?: VoucherStatus;
  label?: string;
  search?: string;
}
export const listFilters = ({ state, label, search }: Parameters): ListFilters =>
  withoutGaps({
    state: STATES.find((known) => known === state),
    label: isLabel(String(label)) ? String(label) : undefined,
    search: text(search)?.slice(0, 200),
  });

export interface DetailFilters {
  at?: string;
  decision?: string;
}
export const detailFilters = ({ at, decision }: Parameters): DetailFilters =>
  withoutGaps({ at: time(at), decision: text(decision) });

export interface EventsFilters {
  type?: EventType;
  reason?: Reason;
  userId?: string;
  from?: string;
  to?: string;
}
export const eventsFilters = ({ type, reason, userId, from, to }: Parameters): EventsFilters =>
  withoutGaps({
    type: text(type) as EventType | undefined,
    reason: text(reason) as Reason | undefined,
    userId: text(userId),
    from: time(from),
    to: time(to),
  });

export interface VersionsFilters {
  from?: number;
  to?: number;
}
export const versionsFilters = ({ from, to }: Parameters): VersionsFilters =>
  withoutGaps({ from: wholeNumber(from), to: wholeNumber(to) });

export const proofFilters = ({ at }: Parameters): { at?: string } => withoutGaps({ at: time(at) });
export const editorFilters = ({ copy }: Parameters): { copy?: string } => withoutGaps({ copy: text(copy) });
export const activityFilters = ({ by, voucherId }: Parameters): { by?: string; voucherId?: string } =>
  withoutGaps({ by: text(by), voucherId: text(voucherId) });
export const signInFilters = ({ from, again }: Parameters): { from?: string; again?: string } =>
  withoutGaps({ from: text(from), again: text(again) });

/** Reads `?state=enabled&label=a:b`. The router's default would be JSON, which people do not write. */
export const parametersIn = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search));
export function parametersTo(filters: Record<string, unknown>): string {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return search && `?${search.replaceAll('%3A', ':')}`;
}
