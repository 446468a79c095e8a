// The newest record of each key of a compacted topic. Postgres has all of them. Memory has those in use, up to a limit.
// A deleted key is kept for ever, so that an older record that comes late does not restore it.
import { isStorable } from '@vouchers/contracts';
import { LRUCache } from 'lru-cache';
import type { ReadModel } from './read-model.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** The highest version. It marks a deleted key that is never used again, since no version can follow it. */
export const LAST_VERSION = 2_147_483_647;
const BYTES_PER_RECORD = 500;

/** A record in memory. `value` is undefined if the key was deleted. */
export interface NewestRecord<Value> {
  key: string;
  version: number;
  value: Value | undefined;
  /** An estimate of its bytes in memory. */
  bytes: number;
}

/** A record of the topic. */
export interface TakenRecord {
  key: string;
  version: number;
  /** JSON; null if the key was deleted. */
  json: Buffer | null;
  /** JSON that is stored with the record, and is read only by `besidesOf`. */
  beside: Buffer | null;
  /** The teams that read the redemptions of a definition's voucher. Null: every team. */
  readers: readonly string[] | null;
  /** True if the record will rarely be read. It then comes into memory only with its first read. */
  isRare: boolean;
}

const VERSIONS = {
  name: 'newest-versions',
  text: `SELECT key, version, beside IS NULL AS "lacksBeside", coalesce(octet_length(value), 0) AS length
    FROM newest_records WHERE topic = $1 AND key = ANY ($2::text[])`,
};
const STORE = {
  name: 'store-newest',
  text: `
    INSERT INTO newest_records AS known (topic, key, version, value, beside, readers)
    SELECT $1, taken.* FROM unnest($2::text[], $3::int[], $4::bytea[], $5::bytea[], $6::jsonb[])
      AS taken (key, version, value, beside, readers)
    ORDER BY taken.key
    ON CONFLICT (topic, key) DO UPDATE
      SET version = excluded.version, value = excluded.value, beside = excluded.beside, readers = excluded.readers,
        replaced = known.value, replaced_at = now()
      WHERE known.version < excluded.version
        OR (known.version = excluded.version AND (known.beside IS NULL AND excluded.beside IS NOT NULL
          OR octet_length(known.value) < octet_length(excluded.value)))`,
};
const READ = {
  name: 'read-newest',
  text: `
    SELECT key, version, value, CASE WHEN replaced_at > now() - interval '10 s' THEN replaced END AS replaced
    FROM newest_records WHERE topic = $1 AND key = ANY ($2::text[])`,
};
const READ_BESIDES = {
  name: 'read-besides-newest',
  text: 'SELECT key, version, beside FROM newest_records WHERE topic = $1 AND key = ANY ($2::text[])',
};

interface Row {
  key: string;
  version: number;
  value: Buffer | null;
  /** The value of the version before, if it was replaced recently. */
  replaced?: Buffer | null;
}
interface StoredVersion extends Record<string, unknown> {
  key: string;
  version: number;
  lacksBeside: boolean;
  /** The bytes of the value. */
  length: number;
}
/** The JSON that is stored with the newest record of a key. */
export interface Beside extends Record<string, unknown> {
  key: string;
  version: number;
  beside: Buffer | null;
}

export class NewestRecords<Value extends object> {
  private readonly memory: LRUCache<string, NewestRecord<Value>>;
  private taken = new Map<string, TakenRecord>();
  /** For each running read: its keys, with the records that were stored meanwhile. The read may have missed them. */
  private readonly readings = new Set<Map<string, NewestRecord<Value> | undefined>>();

  constructor(
    private readonly readModel: ReadModel,
    private readonly topic: 'definitions' | 'pages',
    maxBytes: number,
    /** The bytes that a value takes in memory per byte of its JSON. */
    private readonly bytesPerByte: number,
    /** Called when a value replaced another one recently, after it is stored or read from Postgres. */
    private readonly onReplaced: (before: Value, value: Value) => void = () => undefined,
  ) {
    this.memory = new LRUCache({ maxSize: maxBytes, sizeCalculation: ({ bytes }) => bytes });
  }

  /** The record in memory. */
  get(key: string): NewestRecord<Value> | undefined {
    return this.memory.get(key);
  }

  /** The records of these keys from memory or Postgres. Returns no promise if memory has all of them. */
  of(keys: readonly string[]): MaybePromise<Map<string, NewestRecord<Value>>> {
    const found = new Map<string, NewestRecord<Value>>();
    const missing: string[] = [];
    for (const key of keys) {
      const known = this.memory.get(key);
      if (known) found.set(key, known);
      // A URL may contain any text. A text that Postgres cannot store is no key.
      else if (isStorable(key)) missing.push(key);
    }
    return missing.length === 0 ? found : this.read(missing, found);
  }

  /** True if the key has a record, or is remembered as deleted. */
  async isKnown(key: string): Promise<boolean> {
    return this.memory.peek(key) !== undefined || (await this.readModel.rows(VERSIONS, [this.topic, [key]])).length > 0;
  }

  /** The records of these keys from Postgres, even if memory has them. The keys are storable texts. */
  stored(keys: readonly string[]): Promise<Map<string, NewestRecord<Value>>> {
    return this.read([...keys], new Map());
  }

  /** The JSON that is stored with the newest records of these keys. */
  besidesOf(keys: readonly string[]): Promise<Beside[]> {
    return this.readModel.rows<Beside>(READ_BESIDES, [this.topic, keys]);
  }

  /** Takes a record, for the next `store`. */
  take(record: TakenRecord): void {
    // The outbox delivers at least once, so an older version may come after a newer one.
    if ((this.taken.get(record.key)?.version ?? 0) <= record.version) this.taken.set(record.key, record);
  }

  /** Stores the records that were taken since the last call. If that fails, they have to be taken again. */
  async store(): Promise<void> {
    const taken = this.taken;
    this.taken = new Map();
    if (taken.size === 0) return;
    const versions = await this.readModel.rows<StoredVersion>(VERSIONS, [this.topic, [...taken.keys()]]);
    const stored = new Map(versions.map((row) => [row.key, row]));
    const newer = [...taken.values()].filter((record) => isNewer(record, stored.get(record.key)));
    if (newer.length > 0)
      await this.readModel.rows(STORE, [
        this.topic,
        newer.map(({ key }) => key),
        newer.map(({ version }) => version),
        newer.map(({ json }) => json),
        newer.map(({ beside }) => beside),
        newer.map(({ readers }) => readers && JSON.stringify(readers)),
      ]);
    for (const record of taken.values()) this.remember(record, stored.get(record.key)?.version ?? 0);
  }

  /** Bytes in memory. */
  bytes(): number {
    return this.memory.calculatedSize;
  }

  private remember({ key, version, json, isRare }: TakenRecord, storedVersion: number): void {
    const known = this.memory.peek(key);
    const isRead = [...this.readings].some((reading) => reading.has(key));
    const isWanted = known || (!isRare && storedVersion <= version && this.hasRoomFor(json));
    if (!isWanted && !isRead) return;
    const record = this.recordOf(key, version, json);
    for (const reading of this.readings) if (reading.has(key)) reading.set(key, newerOf(reading.get(key), record));
    if (known && known.version < version) this.replaced(known.value, record.value);
    if (isWanted) this.memory.set(key, newerOf(known, record));
  }

  /** New records never evict records in use, so there must be room for them. */
  private hasRoomFor(json: Buffer | null): boolean {
    return this.memory.calculatedSize + this.bytesOf(json) <= this.memory.maxSize;
  }

  private async read(
    keys: string[],
    found: Map<string, NewestRecord<Value>>,
  ): Promise<Map<string, NewestRecord<Value>>> {
    const reading = new Map<string, NewestRecord<Value> | undefined>(keys.map((key) => [key, undefined]));
    this.readings.add(reading);
    try {
      for (const { key, version, value, replaced } of await this.readModel.rows<Row>(READ, [this.topic, keys])) {
        const record = this.recordOf(key, version, value);
        const newest = newerOf(reading.get(key), record);
        if (newest !== record) this.replaced(record.value, newest.value);
        if (replaced) this.replaced(this.valueOf(replaced), newest.value);
        reading.set(key, newest);
      }
      for (const [key, record] of reading) {
        if (!record) continue;
        found.set(key, record);
        this.memory.set(key, newerOf(this.memory.peek(key), record));
      }
      return found;
    } finally {
      this.readings.delete(reading);
    }
  }

  private recordOf(key: string, version: number, json: Buffer | null): NewestRecord<Value> {
    return { key, version, value: json === null ? undefined : this.valueOf(json), bytes: this.bytesOf(json) };
  }

  private valueOf(json: Buffer): Value {
    return JSON.parse(json.toString('utf8')) as Value;
  }

  private replaced(before: Value | undefined, value: Value | undefined): void {
    if (before && value) this.onReplaced(before, value);
  }

  private bytesOf(json: Buffer | null): number {
    return BYTES_PER_RECORD + (json?.length ?? 0) * this.bytesPerByte;
  }
}

/** Whether a record says more than what is stored. An earlier release stored less of the same version. */
function isNewer({ version, json, beside }: TakenRecord, stored: StoredVersion | undefined): boolean {
  if (!stored || version !== stored.version) return version > (stored?.version ?? 0);
  return (beside !== null && stored.lacksBeside) || (json !== null && json.length > stored.length);
}

/** The newer of two records. If the versions are equal, it is `other`, which came later. */
function newerOf<Value>(one: NewestRecord<Value> | undefined, other: NewestRecord<Value>): NewestRecord<Value> {
  return one && one.version > other.version ? one : other;
}
