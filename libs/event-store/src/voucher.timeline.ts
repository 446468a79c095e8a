// Finds a voucher's events by time, with a binary search over the index of seq. `at` has no index of its own, since
// every claim would have to write it.
import type pg from 'pg';

/**
 * A range of a voucher's events in which time never goes back. A definition may end it: its time may be ahead of the
 * next submissions, and a draft whose clock changes begins again. Within a stretch, only one kind of event may have an
 * earlier `at` than the event before it: the expiry of a claim that was granted after its use window. Its `at` is the
 * end of that window, and the next decision writes it. So the later `at` of two neighbours never goes back.
 */
interface Stretch {
  /** Its seqs are greater than this one. */
  after: number;
  until: number;
}

const BREAKS = `
  SELECT break FROM events AS d
  LEFT JOIN LATERAL (SELECT seq, at FROM events WHERE partition = $1 AND voucher_id = $2 AND seq < d.seq
    ORDER BY seq DESC LIMIT 1) AS before ON true
  LEFT JOIN LATERAL (SELECT seq, at FROM events WHERE partition = $1 AND voucher_id = $2 AND seq > d.seq
    ORDER BY seq LIMIT 1) AS following ON true
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN before.at > d.at THEN before.seq END), (CASE WHEN d.at > following.at THEN d.seq END)) AS b (break)
  WHERE d.partition = $1 AND d.voucher_id = $2 AND d.type = 'voucher.defined.v1' AND break IS NOT NULL
  ORDER BY break`;

/**
 * A binary search per time. Each step halves the range (after, until]. `found` is the last event so far that is not
 * later than the time.
 */
const LAST_UNTIL = `
  SELECT found FROM unnest($5::timestamptz[]) WITH ORDINALITY AS asked (time, place)
  CROSS JOIN LATERAL (
    WITH RECURSIVE search (after, until, found) AS (
      SELECT $3::bigint, $4::bigint, NULL::bigint
      UNION ALL
      SELECT CASE WHEN e.at > time THEN after ELSE middle END,
        CASE WHEN e.at > time THEN e.seq - 1 ELSE until END,
        CASE WHEN e.at > time THEN found ELSE coalesce(e.seq, found) END
      FROM search
      CROSS JOIN LATERAL (SELECT (after + until + 1) / 2 AS middle) AS m
      LEFT JOIN LATERAL (
        SELECT max(seq) AS seq, max(at) AS at FROM (
          SELECT seq, at FROM events
          WHERE partition = $1 AND voucher_id = $2 AND seq > $3 AND seq <= middle ORDER BY seq DESC LIMIT 2
        ) AS neighbours HAVING max(seq) > after
      ) AS e ON true
      WHERE after < until
    )
    SELECT max(found) AS found FROM search
  ) AS searched ORDER BY place`;

/** The ends of the use and claim windows of each version that has a fixed use window. */
const WINDOWS = `
  SELECT data #>> '{definition,spec,windows,use,to}' AS use,
    coalesce(data #>> '{definition,spec,windows,claim,to}', data #>> '{definition,spec,windows,valid,to}') AS claim
  FROM events WHERE partition = $1 AND voucher_id = $2 AND type = 'voucher.defined.v1'
    AND data #>> '{definition,spec,windows,use,to}' IS NOT NULL`;

/** The last expiry at each of these times, searched from the end. Few vouchers need it, so it has no index. */
const LAST_EXPIRED = `
  SELECT (SELECT seq FROM events WHERE partition = $1 AND voucher_id = $2 AND seq <= $3
    AND type = 'voucher.claim-expired.v1' AND at = time ORDER BY seq DESC LIMIT 1) AS seq
  FROM unnest($4::timestamptz[]) WITH ORDINALITY AS asked (time, place) ORDER BY place`;

/** The distance between the times of a long list that are searched first. */
const STRIDE = 16;

/** The last expiry of claims that were granted after the end (`at`) of their use window. */
interface Backdated {
  at: number;
  seq: number;
}

/** Finds one voucher's events by time. Times are Unix milliseconds. */
export class VoucherTimeline {
  private readonly pool: Pick<pg.Pool, 'query'>;
  private readonly partition: number;
  private readonly voucherId: string;
  private readonly head: number;
  private stretches: Promise<Stretch[]> | undefined;
  private expiries: Promise<Backdated[]> | undefined;

  /** @param head the seq of the last event that counts */
  constructor(pool: Pick<pg.Pool, 'query'>, partition: number, voucherId: string, head: number) {
    this.pool = pool;
    this.partition = partition;
    this.voucherId = voucherId;
    this.head = head;
  }

  /** The seq of the last event with `at` ≤ that time; undefined if the first event is later. */
  async lastUntil(at: number): Promise<number | undefined> {
    return (await this.lastUntilEach([at]))[0];
  }

  /** `lastUntil` for several times, which ascend. */
  async lastUntilEach(times: readonly number[]): Promise<(number | undefined)[]> {
    let last: (number | undefined)[] = times.map(() => undefined);
    for (const stretch of await this.all()) {
      const found = await this.lastIn(stretch, times);
      last = last.map((before, index) => found[index] ?? before);
    }
    const expired = await this.backdated();
    return last.map((seq, index) =>
      expired.reduce((later, one) => (one.at <= times[index]! && one.seq > (later ?? 0) ? one.seq : later), seq),
    );
  }

  /** A range of seqs, `after` < seq ≤ `until`, that contains all events with `from` ≤ at < `to`. */
  async between(from = -Infinity, to = Infinity): Promise<{ after: number; until: number }> {
    const stretches = await this.all();
    let [after, until] = [Infinity, 0];
    for (const stretch of stretches) {
      const [last] = to === Infinity ? [stretch.until] : await this.lastIn(stretch, [to - 1]);
      if (last === undefined) continue;
      const [before] = from === -Infinity ? [] : await this.lastIn(stretch, [from - 1]);
      after = Math.min(after, before ?? stretch.after);
      until = Math.max(until, last);
    }
    for (const { at, seq } of await this.backdated()) if (from <= at && at < to) until = Math.max(until, seq);
    return { after: Math.min(after, until), until };
  }

  private all(): Promise<Stretch[]> {
    return (this.stretches ??= this.read());
  }

  private async read(): Promise<Stretch[]> {
    const { rows } = await this.pool.query<{ break: number }>({
      name: 'timeline-breaks',
      text: BREAKS,
      values: [this.partition, this.voucherId],
    });
    const ends = [...rows.map((row) => row.break).filter((seq) => seq < this.head), this.head];
    return ends.map((until, index) => ({ after: ends[index - 1] ?? 0, until }));
  }

  private backdated(): Promise<Backdated[]> {
    return (this.expiries ??= this.readBackdated());
  }

  /** Empty for nearly all vouchers, since few grant claims that can no longer be used. */
  private async readBackdated(): Promise<Backdated[]> {
    const { rows: windows } = await this.pool.query<{ use: string; claim: string }>({
      name: 'timeline-windows',
      text: WINDOWS,
      values: [this.partition, this.voucherId],
    });
    const ended = windows.filter(({ use, claim }) => Date.parse(use) < Date.parse(claim));
    const times = [...new Set(ended.map(({ use }) => Date.parse(use)))];
    if (times.length === 0) return [];
    const { rows } = await this.pool.query<{ seq: number | null }>({
      name: 'timeline-last-expired',
      text: LAST_EXPIRED,
      values: [this.partition, this.voucherId, this.head, times.map(timeText)],
    });
    return rows.flatMap(({ seq }, index) => (seq === null ? [] : [{ at: times[index]!, seq }]));
  }

  /** If two times have the same answer, all times between them have it. So only some are searched at first. */
  private async lastIn(stretch: Stretch, times: readonly number[]): Promise<(number | undefined)[]> {
    const marks = times.flatMap((_, index) => (index % STRIDE === 0 || index === times.length - 1 ? [index] : []));
    const found: (number | undefined)[] = [];
    const search = async (places: readonly number[]): Promise<void> => {
      const seqs = await this.search(
        stretch,
        places.map((place) => times[place]!),
      );
      places.forEach((place, index) => (found[place] = seqs[index]));
    };
    await search(marks);
    const open: number[] = [];
    marks.forEach((mark, index) => {
      const next = marks[index + 1] ?? mark;
      for (let place = mark + 1; place < next; place += 1) {
        if (found[mark] === found[next]) found[place] = found[mark];
        else open.push(place);
      }
    });
    if (open.length > 0) await search(open);
    return found;
  }

  private async search({ after, until }: Stretch, times: readonly number[]): Promise<(number | undefined)[]> {
    const { rows } = await this.pool.query<{ found: number | null }>({
      name: 'timeline-last-until',
      text: LAST_UNTIL,
      values: [this.partition, this.voucherId, after, until, times.map(timeText)],
    });
    return rows.map(({ found }) => found ?? undefined);
  }
}

/** The start of the year 1, since Postgres cannot read a year 0. */
const EARLIEST = Date.UTC(2001, 0, 1) - 5 * 146_097 * 86_400_000;

export const timeText = (time: number): string => new Date(Math.max(time, EARLIEST)).toISOString();
