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

export const RESOURCES = ['coupon', 'gift', 'interest-free', 'access'] as const;
export const TIMES = ['upcoming', 'open', 'over'] as const;
export const ATTENTIONS = ['proof-broken', 'behind', 'sold-out', 'low-stock', 'ends-soon', 'refusals'] as const;
export type Attention = (typeof ATTENTIONS)[number];
export const SORTS = ['name', 'ends', 'free', 'claimed', 'refused'] as const;

export interface ListFilters {
  state?: VoucherStatus;
  label?: string;
  search?: string;
  type?: (typeof RESOURCES)[number];
  time?: (typeof TIMES)[number];
  attention?: Attention | 'any';
  team?: string;
  /** Without it, the newest come first. */
  sort?: (typeof SORTS)[number];
}
export const listFilters = ({ state, label, search, type, time: of, attention, team, sort }: Parameters): ListFilters =>
  withoutGaps({
    state: STATES.find((known) => known === state),
    label: isLabel(String(label)) ? String(label) : undefined,
    search: text(search)?.slice(0, 200),
    type: RESOURCES.find((known) => known === type),
    time: TIMES.find((known) => known === of),
    attention: (['any', ...ATTENTIONS] as const).find((known) => known === attention),
    team: text(team)?.slice(0, 255),
    sort: SORTS.find((known) => known === sort),
  });

/** Filters and orders that only the ledger knows. With them, a search by text is not possible. */
export const asksLedger = ({ type, time: of, attention, team, sort }: ListFilters): boolean =>
  [type, of, attention, team, sort].some((one) => one !== undefined);

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
  view?: 'full';
}
export const versionsFilters = ({ from, to, view }: Parameters): VersionsFilters =>
  withoutGaps({
    from: wholeNumber(from),
    to: wholeNumber(to),
    view: view === 'full' ? ('full' as const) : undefined,
  });

export const proofFilters = ({ at }: Parameters): { at?: string } => withoutGaps({ at: time(at) });
export interface EditorFilters {
  copy?: string;
  restore?: number;
  template?: string;
  /** The simulation whose spec is saved. */
  simulation?: string;
}
export const editorFilters = ({ copy, restore, template, simulation }: Parameters): EditorFilters =>
  withoutGaps({
    copy: text(copy),
    restore: wholeNumber(restore),
    template: text(template),
    simulation: text(simulation),
  });
export const whatIfFilters = ({ simulation }: Parameters): { simulation?: string } =>
  withoutGaps({ simulation: text(simulation) });
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
