import { describe, expect, it } from '@jest/globals';
import { LAST_VERSION, NewestRecords } from './newest-records.ts';
import type { ReadModel } from './read-model.ts';

interface Row {
  key: string;
  version: number;
  value: Buffer | null;
  replaced?: Buffer | null;
}

/** Stands in for Postgres. After `hold`, a read takes its snapshot at once, but ends only with `release`. */
class Table {
  readonly stored = new Map<string, Row>();
  reads = 0;
  private held: (() => void)[] | undefined;

  async rows({ name }: { name: string }, [, keys, versions, values]: unknown[]): Promise<Row[]> {
    if (name === 'store-newest') {
      for (const [index, key] of (keys as string[]).entries())
        this.stored.set(key, {
          key,
          version: (versions as number[])[index]!,
          value: (values as (Buffer | null)[])[index]!,
          replaced: this.stored.get(key)?.value,
        });
      return [];
    }
    const snapshot = (keys as string[]).flatMap((key) => this.stored.get(key) ?? []);
    if (name === 'read-newest') {
      this.reads += 1;
      if (this.held) await new Promise<void>((resolve) => this.held!.push(resolve));
    }
    return snapshot;
  }

  hold(): void {
    this.held = [];
  }

  release(): void {
    for (const resolve of this.held ?? []) resolve();
    this.held = undefined;
  }
}

const taken = (key: string, version: number, { text = 'x', isRare = false, isDeleted = false } = {}) => ({
  key,
  version,
  json: isDeleted ? null : Buffer.from(JSON.stringify({ version, text })),
  beside: null,
  readers: null,
  isRare,
});

function start(maxBytes = 100_000) {
  const table = new Table();
  const replaced: [number, number][] = [];
  const records = new NewestRecords<{ version: number }>(
    table as unknown as ReadModel,
    'definitions',
    maxBytes,
    3,
    (before, value) => replaced.push([before.version, value.version]),
  );
  const store = async (...all: ReturnType<typeof taken>[]): Promise<void> => {
    for (const one of all) records.take(one);
    await records.store();
  };
  const versionOf = async (key: string): Promise<number | undefined> =>
    (await records.of([key])).get(key)?.value?.version;
  return { table, records, store, versionOf, replaced };
}

describe('the newest records', () => {
  it('are returned without a promise if memory has all of them', async () => {
    const { table, records, store } = start();
    await store(taken('a', 1), taken('b', 1));
    expect(records.of(['a', 'b'])).not.toBeInstanceOf(Promise);
    expect(table.reads).toBe(0);
    expect(records.of(['a', 'c'])).toBeInstanceOf(Promise);
  });

  it('have the highest version, in whatever order they come', async () => {
    const { store, versionOf } = start();
    await store(taken('a', 2), taken('a', 1));
    expect(await versionOf('a')).toBe(2);
    await store(taken('a', 1));
    expect(await versionOf('a')).toBe(2);
  });

  it('are not replaced by a read that began before a newer record was stored', async () => {
    const { table, store, versionOf } = start();
    await store(taken('a', 1, { isRare: true }));
    table.hold();
    const reading = versionOf('a');
    await store(taken('a', 2, { isRare: true }));
    table.release();
    expect(await reading).toBe(2);
    expect(await versionOf('a')).toBe(2);
  });

  it('are reported with the records that they replace, in memory or not', async () => {
    const { table, store, versionOf, replaced } = start();
    await store(taken('known', 1));
    await store(taken('known', 2));
    expect(replaced).toEqual([[1, 2]]);
    await store(taken('cold', 1, { isRare: true }));
    await store(taken('cold', 3, { isRare: true }));
    expect(replaced).toHaveLength(1);
    await versionOf('cold');
    expect(replaced).toEqual([
      [1, 2],
      [1, 3],
    ]);
    await store(taken('overtaken', 1, { isRare: true }));
    table.hold();
    const reading = versionOf('overtaken');
    await store(taken('overtaken', 2, { isRare: true }));
    table.release();
    await reading;
    expect(replaced.slice(2)).toEqual([[1, 2]]);
  });

  it('of a deleted key stay deleted', async () => {
    const { store, records } = start();
    await store(taken('a', 1), taken('a', LAST_VERSION, { isDeleted: true }));
    await store(taken('a', 3));
    expect((await records.of(['a'])).get('a')).toMatchObject({ version: LAST_VERSION, value: undefined });
  });

  it('take no more memory than the limit, and new ones evict none that is in use', async () => {
    const { table, store, records } = start(10_000);
    const text = 'x'.repeat(500);
    await store(taken('used', 1, { text }));
    for (let n = 0; n < 50; n += 1) await store(taken(`new-${n}`, 1, { text }));
    expect(records.bytes()).toBeLessThanOrEqual(10_000);
    expect(records.get('used')).toBeDefined();
    expect(records.get('new-49')).toBeUndefined();
    expect((await records.of(['new-49'])).get('new-49')?.value).toMatchObject({ version: 1 });
    expect([table.reads, records.bytes() <= 10_000]).toEqual([1, true]);
  });

  it('that are rare come into memory only with their first read', async () => {
    const { store, records, versionOf } = start();
    await store(taken('draft', 1, { isRare: true }));
    expect(records.bytes()).toBe(0);
    expect(await versionOf('draft')).toBe(1);
    expect(records.get('draft')?.version).toBe(1);
  });
});
