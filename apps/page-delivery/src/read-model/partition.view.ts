// How far one partition of the outcomes has come for this replica, pure: what the waiter has seen of it, and what the
// read model has. What each change makes the replica do is for VoucherStates.

export interface PartitionView {
  /** The last event that the waiter saw in order; undefined: none yet. */
  readonly seen?: number;
  /** An event that the waiter saw ahead of its order. It counts as seen when the next one follows it. */
  readonly leapt?: number;
  /**
   * The offset at which the waiter began, until the read model has passed it. The waiter did not see what stands
   * before.
   */
  readonly unseenBefore?: bigint;
  /** The next event that the read model lacks. */
  readonly lacking: number;
  /** The last event that memory surely reflects. */
  readonly reflected: number;
}

/** How far the read model had come when it was read. */
export interface ReadTo {
  /** The next event that it lacks. */
  readonly seq: number;
  readonly offset: number;
}

/** `again`: it was published once more; `missed`: some events before it were not seen. */
export type Sight = 'next' | 'again' | 'missed';

export const UNREAD: ReadTo = { seq: 1, offset: 0 };
export const NEW: PartitionView = { lacking: UNREAD.seq, reflected: 0 };

/** The waiter begins at this offset. */
export const begunAt = (view: PartitionView, offset: bigint): PartitionView => ({ ...view, unseenBefore: offset });

/** What an event is for who has seen those before. */
export function sightOf({ seen, leapt }: PartitionView, seq: number): Sight {
  if (seen === undefined) return 'next';
  if (seq <= seen) return 'again';
  return seq === seen + 1 || seq - 1 === leapt ? 'next' : 'missed';
}

/** The waiter saw an event. One ahead of its order may tell of events that never were, so only `leapt` takes it. */
export function saw(view: PartitionView, seq: number): PartitionView {
  switch (sightOf(view, seq)) {
    case 'again':
      return view;
    case 'missed':
      return { ...view, leapt: seq };
    case 'next':
      return { ...view, seen: seq };
  }
}

/** The read model was read. @param asked the view when it was asked: of later events the answer may know nothing */
export function wasRead(view: PartitionView, asked: PartitionView, { seq, offset }: ReadTo): PartitionView {
  const { unseenBefore } = view;
  const hasAllBefore = unseenBefore !== undefined && BigInt(offset) === unseenBefore;
  return {
    ...view,
    seen: view.seen ?? (hasAllBefore ? seq - 1 : undefined),
    unseenBefore: unseenBefore !== undefined && offset >= unseenBefore ? undefined : unseenBefore,
    lacking: Math.max(view.lacking, seq),
    reflected: Math.max(view.reflected, Math.min(seq - 1, asked.seen ?? 0)),
  };
}

/** The waiter sees all that happens, and the read model has what happened before. */
export const isFollowed = ({ unseenBefore }: PartitionView): boolean => unseenBefore === undefined;

/** The event that the read model must have, so that what it says of any voucher is no older than what is known. */
export const newestOf = (view: PartitionView): number => (isFollowed(view) ? (view.seen ?? 0) : Infinity);

/** Whether a voucher whose newest event was that one (Infinity: unknown) was read as it is, up to `readTo`. */
export const isCurrent = (view: PartitionView, newest: number, readTo: ReadTo): boolean =>
  newest === Infinity ? isFollowed(view) : readTo.seq > newest;
