// Each voucher's state as the read model has it, kept in memory while it is used. The waiter tells what changed; then
// the changed ones are read again, all by one query, at most every REFRESH_MS. Who brings a Voucher-Position waits for
// it here.
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Definition } from '@vouchers/contracts';
import { partitionOfKey } from '@vouchers/messaging';
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
import type { Soon } from './soon.ts';

const REMEMBERED = 20_000;
const REFRESH_MS = 50;
const POSITION_WAIT_MS = 1_000;
const POSITION_POLL_MS = 10;

/** A place in the outcomes: the event of that seq and all before it. */
export interface Position {
  partition: number;
  seq: number;
}

interface Snapshot {
  positions: Record<string, ReadTo> | null;
  vouchers: { voucherId: string; state: Omit<VoucherState, 'definition'>; definition: Definition | null }[] | null;
}

/** One row, so one snapshot: states that are newer than those known, and how far each partition is read. */
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

/** How many times the bytes of its JSON a definition takes: objects, parsed conditions, and the module drawn last. */
const BYTES_PER_JSON_BYTE = 12;
const sizes = new WeakMap<Definition, number>();

/** About how many bytes a state takes. It is small except its definition, so it is counted once per definition. */
function bytesOf(definition: Definition): number {
  let bytes = sizes.get(definition);
  if (bytes === undefined)
    sizes.set(definition, (bytes = 2_000 + BYTES_PER_JSON_BYTE * JSON.stringify(definition).length));
  return bytes;
}

@Injectable()
export class VoucherStates implements OnApplicationShutdown {
  private readonly known: LRUCache<string, VoucherState>;
  /**
   * Vouchers asked for since the last read began, and what that read found, since not all of it may fit into memory.
   */
  private readonly asked = new Set<string>();
  private lastRead = new Map<string, VoucherState>();
  /** Vouchers to be read, each with the seq that the read model must have passed; Infinity while that is unknown. */
  private readonly changed = new Map<string, number>();
  /** By partition. */
  private readonly views: PartitionView[];
  /** Grows when everything is forgotten. */
  private epoch = 0;
  private begun = false;
  private readonly refresh = coalesced(() => this.readChanged());
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly readModel: ReadModel,
  ) {
    this.views = new Array<PartitionView>(settings.partitions).fill(NEW);
    const maxSize = settings.cacheShare('states');
    this.known = new LRUCache({ max: REMEMBERED, maxSize, sizeCalculation: ({ definition }) => bytesOf(definition) });
    showCache('states', () => this.known.calculatedSize);
  }

  /** The states of these vouchers, as far as the read model has them. At most one query; no promise without one. */
  of(voucherIds: readonly string[]): Soon<Map<string, VoucherState>> {
    const states = this.statesOf(voucherIds);
    if (states.size === voucherIds.length) return states;
    const missing = voucherIds.filter((id) => !states.has(id));
    return missing.length > 0 ? this.load(missing).then(() => this.withLoaded(voucherIds, states)) : states;
  }

  /** Returns the newest state that is known: one that changed since, else the one read, else the one known before. */
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
      const state = this.known.get(id);
      if (state) states.set(id, state);
    }
    return states;
  }

  /** Waits, at most a second, until this replica has read so far. */
  async reach({ partition, seq }: Position): Promise<void> {
    const until = Date.now() + POSITION_WAIT_MS;
    const isReached = (): boolean => this.viewOf(partition).reflected >= seq;
    while (!isReached() && Date.now() < until) {
      await this.refresh();
      if (!isReached()) await pause(POSITION_POLL_MS);
    }
  }

  /**
   * Waits likewise for that place and for all that this replica has told already: whoever repeats a call sees what it
   * did.
   */
  async reachSeen({ partition, seq }: Position): Promise<void> {
    await this.reach({ partition, seq: Math.max(seq, this.viewOf(partition).seen ?? 0) });
  }

  /** How far the read model is read, by partition. */
  async positions(): Promise<Record<string, number>> {
    await this.refresh();
    return Object.fromEntries(
      this.views.flatMap(({ lacking }, partition) => (lacking > 1 ? [[partition, lacking - 1]] : [])),
    );
  }

  /** The waiter begins here, in each partition. */
  beginAt(offsets: bigint[]): void {
    offsets.forEach((offset, partition) => (this.views[partition] = begunAt(this.viewOf(partition), offset)));
    for (const id of [...this.known.keys(), ...this.changed.keys()]) this.change(id, Infinity);
    this.begun = true;
  }

  /** The waiter sees all that happens, and the read model has passed the place where it began. */
  followed(): boolean {
    return this.begun && this.views.every(isFollowed);
  }

  /** The waiter saw an event. */
  saw(voucherId: string, { partition, seq }: Position): Sight {
    const view = this.viewOf(partition);
    const sight = sightOf(view, seq);
    this.views[partition] = saw(view, seq);
    if (sight === 'missed') this.changedAll(partition, seq);
    else if (sight === 'next' && (this.known.has(voucherId) || this.changed.has(voucherId)))
      this.change(voucherId, seq);
    return sight;
  }

  /** The read model was written by somebody else than its projector: what is being read now counts no more, either. */
  forget(): void {
    this.epoch += 1;
    this.known.clear();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private change(voucherId: string, seq: number): void {
    this.changed.set(voucherId, seq);
    if (this.stopped) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      // Postgres is away: what has changed is still known, and read with the next change or question.
      this.refresh().catch(() => this.change(voucherId, seq));
    }, REFRESH_MS).unref();
  }

  /** Events were missed: any voucher of the partition may have changed. */
  private changedAll(partition: number, seq: number): void {
    for (const id of [...this.known.keys(), ...this.changed.keys()])
      if (this.partitionOf(id) === partition) this.change(id, seq);
  }

  /** One read at a time: an older snapshot never comes in after a newer one, of which somebody was told already. */
  private load(voucherIds: string[]): Promise<void> {
    for (const id of voucherIds) {
      this.asked.add(id);
      if (!this.changed.has(id)) this.changed.set(id, newestOf(this.viewOf(this.partitionOf(id))));
    }
    return this.refresh();
  }

  private async readChanged(): Promise<void> {
    const ids = [...new Set([...this.changed.keys(), ...this.asked])];
    this.asked.clear();
    const asked = [...this.views];
    const positions = await this.read(ids);
    const readTo = (partition: number): ReadTo => positions[partition] ?? UNREAD;
    this.views.forEach((view, partition) => {
      this.views[partition] = wasRead(view, asked[partition] ?? NEW, readTo(partition));
    });
    for (const id of ids) {
      const partition = this.partitionOf(id);
      const newest = this.changed.get(id) ?? 0;
      const isPassed = isCurrent(this.viewOf(partition), newest, readTo(partition));
      if (isPassed || !this.known.has(id)) this.changed.delete(id);
      else this.change(id, newest);
    }
  }

  /** Reads these vouchers. @returns how far each partition was read in the same snapshot */
  private async read(voucherIds: string[]): Promise<Record<string, ReadTo>> {
    const before = voucherIds.map((id) => this.known.peek(id));
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
      const known = this.known.peek(voucherId);
      if (known && known.head.seq >= state.head.seq) continue;
      const inForce = definition ?? known?.definition;
      if (!inForce) continue;
      this.lastRead.set(voucherId, storedState({ ...state, definition: inForce }));
      this.known.set(voucherId, this.lastRead.get(voucherId)!);
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
