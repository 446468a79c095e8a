import { choice, COUNT, ID, maybe, named, record, text, TIME, whole, type TypeOf } from './schema.ts';

export const ENTRY_STATE = choice('waiting', 'offered', 'claimed', 'lapsed', 'left');
/** The state of an entry on a waiting list. The ledger knows no other; `closed` is only shown. */
export type EntryState = TypeOf<typeof ENTRY_STATE>;

const OFFER = named('Offer', record({ at: TIME, until: TIME }), "A unit set aside for the entry's user until a moment");

const FIELDS = {
  id: ID,
  voucherId: ID,
  voucherVersion: whole(1),
  userId: text(),
  state: ENTRY_STATE,
  joinedAt: TIME,
  /** Only of an entry in state `offered`. */
  offer: maybe(OFFER),
  endedAt: maybe(TIME),
};

/** An entry as its user sees it. */
export const ENTRY = named(
  'Entry',
  record({
    ...FIELDS,
    state: choice('waiting', 'offered', 'claimed', 'lapsed', 'left', 'closed'),
    ahead: maybe({ ...COUNT, description: 'how many would be offered a unit before it, counted to 10,000' }),
  }),
  "One user's entry on the waiting list of a voucher",
);
export interface Entry extends TypeOf<typeof ENTRY> {}

/** The fields of an entry as events have it. */
const RANKED = {
  ...FIELDS,
  rank: { ...whole(-1_000, 1_000), description: 'the highest is offered a unit first' },
  number: { ...whole(1), description: 'the number of its joining; of equal ranks the lowest is first' },
};
export const EVENT_ENTRY = named('EventEntry', record(RANKED));
export interface EventEntry extends TypeOf<typeof EVENT_ENTRY> {}

/** An entry that waits, as the ledger lists it. */
export const WAITING_ENTRY = named(
  'WaitingEntry',
  record({ ...RANKED, joined: named('Joining', record({ partition: COUNT, seq: whole(1), at: TIME })) }),
);
export interface WaitingEntry extends TypeOf<typeof WAITING_ENTRY> {}
