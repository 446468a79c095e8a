// This replica's progress in one partition of the outcomes: which events the waiter has seen, and which the read model
// has. The functions are pure. VoucherStates acts on their results.

export interface PartitionView {
  /** The last event that the waiter saw in order. Undefined if there was none yet. */
  readonly seen?: number;
  /** An event that the waiter saw before its predecessors. It counts as seen when its successor comes. */
  readonly leapt?: number;
  /**
   * The offset at which the waiter began, until the read model has passed it. The waiter did not see the events before
   * this offset.
   */
  readonly unseenBefore?: bigint;
  /** The first event that the read model lacks. */
  readonly lacking: number;
  /** The last event that the states in memory certainly reflect. */
  readonly reflected: number;
}

/** The position of the read model in a read of it. */
export interface ReadTo {
  /** The first event that it lacks. */
  readonly seq: number;
  readonly offset: number;
}

/** `again`: the event was published again. `missed`: some events before it were not seen. */
export type Sight = 'next' | 'again' | 'missed';

export const UNREAD: ReadTo = { seq: 1, offset: 0 };
export const NEW: PartitionView = { lacking: UNREAD.seq, reflected: 0 };

/** The view when the waiter begins at this offset. */
export const begunAt = (view: PartitionView, offset: bigint): PartitionView => ({ ...view, unseenBefore: offset });

/** The relation of an event to the events that were seen before. */
export function sightOf({ seen, leapt }: PartitionView, seq: number): Sight {
  if (seen === undefined) return 'next';
  if (seq <= seen) return 'again';
  return seq === seen + 1 || seq - 1 === leapt ? 'next' : 'missed';
}

/**
 * The view after the waiter saw an event. An event that comes before its predecessors only sets `leapt`, since its seq
 * may be wrong.
 */
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

/**
 * The view after a read of the read model.
 * @param atStart the view when the read began. The read may not reflect events that the waiter saw later.
 */
export function wasRead(view: PartitionView, atStart: PartitionView, { seq, offset }: ReadTo): PartitionView {
  const { unseenBefore } = view;
  const hasAllBefore = unseenBefore !== undefined && BigInt(offset) === unseenBefore;
  return {
    ...view,
    seen: view.seen ?? (hasAllBefore ? seq - 1 : undefined),
    unseenBefore: unseenBefore !== undefined && offset >= unseenBefore ? undefined : unseenBefore,
    lacking: Math.max(view.lacking, seq),
    reflected: Math.max(view.reflected, Math.min(seq - 1, atStart.seen ?? 0)),
  };
}

/** True if the waiter sees all new events, and the read model has all events from before the waiter began. */
export const isFollowed = ({ unseenBefore }: PartitionView): boolean => unseenBefore === undefined;

/** The event that the read model must have, so that a voucher's state there reflects all events that the waiter saw. */
export const newestOf = (view: PartitionView): number => (isFollowed(view) ? (view.seen ?? 0) : Infinity);

/** Whether a read up to `readTo` reflects the voucher's newest event. `newest` is Infinity if that event is unknown. */
export const isCurrent = (view: PartitionView, newest: number, readTo: ReadTo): boolean =>
  newest === Infinity ? isFollowed(view) : readTo.seq > newest;
