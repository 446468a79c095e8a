// Caches vouchers' states from the read model. The states become stale with events that the waiter sees, and are read
// again by one query for all of them, at most every REFRESH_MS. Requests with a Voucher-Position wait here.
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Definition } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
import type { EventPosition } from '@vouchers/outcomes';
import { storedState, type VoucherState } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';
import { PageDeliverySettings } from '../settings.ts';
import { showCache } from './cache.metrics.ts';
import { coalesced } from './coalesced.ts';
import {
  begunAt,
  isCurrent,
  isFollowed,
  NEW,
  newestOf,
  saw,
  sightOf,
  UNREAD,
  wasRead,
  type PartitionView,
  type ReadTo,
  type Sight,
} from './partition.view.ts';
import { ReadModel } from './read-model.ts';
import type { MaybePromise } from './maybe-promise.ts';

const REMEMBERED = 20_000;
const REFRESH_MS = 50;
const POSITION_WAIT_MS = 1_000;
const POSITION_POLL_MS = 10;

interface Snapshot {
  positions: Record<string, ReadTo> | null;
  vouchers: { voucherId: string; state: Omit<VoucherState, 'definition'>; definition: Definition | null }[] | null;
}

/** One statement, so one snapshot: the states that are newer than the cached ones, and each partition's position. */
const STATES = {
  name: 'states',
  text: `
    SELECT (SELECT json_object_agg(partition, json_build_object('seq', next_seq, 'offset', next_offset)) FROM positions) AS positions,
      (SELECT json_agg(json_build_object('voucherId', v.voucher_id, 'state', v.state, 'definition', d.definition))
        FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS known (voucher_id, seq, last_version)
        JOIN vouchers v ON v.voucher_id = known.voucher_id AND v.seq > known.seq
        LEFT JOIN definitions_in_force d
          ON d.voucher_id = v.voucher_id AND (v.state ->> 'lastVersion')::int IS DISTINCT FROM known.last_version) AS vouchers`,
};

/** The bytes that a definition takes per byte of its JSON: objects, parsed conditions, and the module drawn last. */
const BYTES_PER_JSON_BYTE = 12;
const sizes = new WeakMap<Definition, number>();

/** An estimate of a state's bytes. Most of them belong to the definition, so they are counted once per definition. */
function bytesOf(definition: Definition): number {
  let bytes = sizes.get(definition);
  if (bytes === undefined)
    sizes.set(definition, (bytes = 2_000 + BYTES_PER_JSON_BYTE * JSON.stringify(definition).length));
  return bytes;
}

@Injectable()
export class VoucherStates implements OnApplicationShutdown {
  private readonly cache: LRUCache<string, VoucherState>;
  /** Vouchers that were requested since the last read began. */
  private readonly requested = new Set<string>();
  /** The result of the last read, since the cache may not have room for all of it. */
  private lastRead = new Map<string, VoucherState>();
  /** Vouchers to be read, each with the seq that the read model must have passed. Infinity if that seq is unknown. */
  private readonly stale = new Map<string, number>();
  /** By partition. */
  private readonly views: PartitionView[];
  /** Grows when the whole cache becomes invalid. */
  private epoch = 0;
  private begun = false;
  private readonly refresh = coalesced(() => this.readStale());
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly readModel: ReadModel,
  ) {
    this.views = new Array<PartitionView>(settings.partitions).fill(NEW);
    const maxSize = settings.cacheShare('states');
    this.cache = new LRUCache({ max: REMEMBERED, maxSize, sizeCalculation: ({ definition }) => bytesOf(definition) });
    showCache('states', () => this.cache.calculatedSize);
  }

  /**
   * The states of these vouchers, as far as the read model has them. Makes at most one query, and returns no promise if
   * it makes none.
   */
  of(voucherIds: readonly string[]): MaybePromise<Map<string, VoucherState>> {
    const states = this.statesOf(voucherIds);
    if (states.size === voucherIds.length) return states;
    const missing = voucherIds.filter((id) => !states.has(id));
    return missing.length > 0 ? this.load(missing).then(() => this.withLoaded(voucherIds, states)) : states;
  }

  /** For each voucher, the state in the cache, else the state of the last read, else the state from before. */
  private withLoaded(voucherIds: readonly string[], before: Map<string, VoucherState>): Map<string, VoucherState> {
    const states = this.statesOf(voucherIds);
    for (const id of voucherIds) {
      const state = states.get(id) ?? this.lastRead.get(id) ?? before.get(id);
      if (state) states.set(id, state);
    }
    return states;
  }

  private statesOf(voucherIds: readonly string[]): Map<string, VoucherState> {
    const states = new Map<string, VoucherState>();
    for (const id of voucherIds) {
      const state = this.cache.get(id);
      if (state) states.set(id, state);
    }
    return states;
  }

  /** Waits until this replica has read that event and all events before it, but at most for a second. */
  async reach({ partition, seq }: EventPosition): Promise<void> {
    const until = Date.now() + POSITION_WAIT_MS;
    const isReached = (): boolean => this.viewOf(partition).reflected >= seq;
    while (!isReached() && Date.now() < until) {
      await this.refresh();
      if (!isReached()) await pause(POSITION_POLL_MS);
    }
  }

  /**
   * Waits likewise for that event and for all events that the waiter has seen. So a repeated call sees the result of the
   * first one.
   */
  async reachSeen({ partition, seq }: EventPosition): Promise<void> {
    await this.reach({ partition, seq: Math.max(seq, this.viewOf(partition).seen ?? 0) });
  }

  /** The last event that was read of each partition. */
  async positions(): Promise<Record<string, number>> {
    await this.refresh();
    return Object.fromEntries(
      this.views.flatMap(({ lacking }, partition) => (lacking > 1 ? [[partition, lacking - 1]] : [])),
    );
  }

  /** Is called when the waiter begins, with its offset in each partition. */
  beginAt(offsets: bigint[]): void {
    offsets.forEach((offset, partition) => (this.views[partition] = begunAt(this.viewOf(partition), offset)));
    for (const id of [...this.cache.keys(), ...this.stale.keys()]) this.markStale(id, Infinity);
    this.begun = true;
  }

  /** True if the waiter sees all new events, and the read model has all events from before the waiter began. */
  followed(): boolean {
    return this.begun && this.views.every(isFollowed);
  }

  /** Is called when the waiter sees an event. */
  saw(voucherId: string, { partition, seq }: EventPosition): Sight {
    const view = this.viewOf(partition);
    const sight = sightOf(view, seq);
    this.views[partition] = saw(view, seq);
    if (sight === 'missed') this.markAllStale(partition, seq);
    else if (sight === 'next' && (this.cache.has(voucherId) || this.stale.has(voucherId)))
      this.markStale(voucherId, seq);
    return sight;
  }

  /** Clears the cache, after a repair of the read model. A read that has begun is repeated. */
  forget(): void {
    this.epoch += 1;
    this.cache.clear();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private markStale(voucherId: string, seq: number): void {
    this.stale.set(voucherId, seq);
    if (this.stopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // If Postgres is away, the states stay stale, and are read again with the next event or request.
      this.refresh().catch(() => this.markStale(voucherId, seq));
    }, REFRESH_MS).unref();
  }

  /** After missed events, since any voucher of the partition may have changed. */
  private markAllStale(partition: number, seq: number): void {
    for (const id of [...this.cache.keys(), ...this.stale.keys()])
      if (this.partitionOf(id) === partition) this.markStale(id, seq);
  }

  /** Only one read runs at a time, so that an older snapshot never overwrites a newer one that was already answered. */
  private load(voucherIds: string[]): Promise<void> {
    for (const id of voucherIds) {
      this.requested.add(id);
      if (!this.stale.has(id)) this.stale.set(id, newestOf(this.viewOf(this.partitionOf(id))));
    }
    return this.refresh();
  }

  private async readStale(): Promise<void> {
    const ids = [...new Set([...this.stale.keys(), ...this.requested])];
    this.requested.clear();
    const atStart = [...this.views];
    const positions = await this.read(ids);
    const readTo = (partition: number): ReadTo => positions[partition] ?? UNREAD;
    this.views.forEach((view, partition) => {
      this.views[partition] = wasRead(view, atStart[partition] ?? NEW, readTo(partition));
    });
    for (const id of ids) {
      const partition = this.partitionOf(id);
      const newest = this.stale.get(id) ?? 0;
      const isPassed = isCurrent(this.viewOf(partition), newest, readTo(partition));
      if (isPassed || !this.cache.has(id)) this.stale.delete(id);
      else this.markStale(id, newest);
    }
  }

  /** Reads these vouchers. @returns the position of each partition in the same snapshot */
  private async read(voucherIds: string[]): Promise<Record<string, ReadTo>> {
    const before = voucherIds.map((id) => this.cache.peek(id));
    const values = [
      voucherIds,
      before.map((state) => state?.head.seq ?? 0),
      before.map((state) => state?.lastVersion ?? null),
    ];
    const { epoch } = this;
    const [snapshot] = await this.readModel.rows<Snapshot & Record<string, unknown>>(STATES, values);
    if (epoch !== this.epoch) return this.read(voucherIds);
    this.lastRead = new Map();
    for (const { voucherId, state, definition } of snapshot?.vouchers ?? []) {
      const cached = this.cache.peek(voucherId);
      if (cached && cached.head.seq >= state.head.seq) continue;
      const inForce = definition ?? cached?.definition;
      if (!inForce) continue;
      this.lastRead.set(voucherId, storedState({ ...state, definition: inForce }));
      this.cache.set(voucherId, this.lastRead.get(voucherId)!);
    }
    return snapshot?.positions ?? {};
  }

  private viewOf(partition: number): PartitionView {
    return this.views[partition] ?? NEW;
  }

  private partitionOf(voucherId: string): number {
    return partitionOfKey(voucherId, this.settings.partitions);
  }
}
