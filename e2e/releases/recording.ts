// The recording of a release: its tables with rows, its later statements, and its answers afterwards.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { ServiceName } from '@vouchers/contracts';
import pg from 'pg';

/** The services of release 0.1.0. */
export const RECORDED = ['ledger', 'config', 'page-delivery'] as const satisfies readonly ServiceName[];
export type RecordedName = (typeof RECORDED)[number];

/** A statement as Postgres received it. `client` names its connection, so that transactions are not mixed. */
export interface Statement {
  readonly client: string;
  readonly text: string;
  readonly values: readonly (string | null | { readonly base64: string })[];
}

/** One database. */
export interface RecordedTables {
  /** Statements that make the tables. */
  readonly schema: readonly string[];
  /** One INSERT per row. */
  readonly rows: readonly string[];
  /** The release's later writes, and each of its reads once, in the order in which Postgres finished them. */
  readonly traffic: readonly Statement[];
}

/** A record of a compacted topic. */
export interface RecordedRecord {
  readonly topic: 'definitions' | 'pages';
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that the release gave after all that traffic. */
export interface RecordedAnswer {
  readonly service: RecordedName;
  readonly path: string;
  readonly user?: string;
  readonly body: unknown;
}

export interface Recording {
  readonly partitions: number;
  readonly databases: Readonly<Record<RecordedName, RecordedTables>>;
  readonly records: readonly RecordedRecord[];
  readonly answers: readonly RecordedAnswer[];
}

export function recordingOf(release: string): Recording {
  const packed = readFileSync(new URL(`${release}.json.gz`, import.meta.url));
  return JSON.parse(gunzipSync(packed).toString()) as Recording;
}

/** Splits the traffic into four parts of about the same length. No transaction is open between them. */
export function inFour(traffic: readonly Statement[]): [Statement[], Statement[], Statement[], Statement[]] {
  const parts: Statement[][] = [[]];
  const open = new Set<string>();
  for (const statement of traffic) {
    const { client, text } = statement;
    if (/^(START TRANSACTION|BEGIN)/.test(text)) open.add(client);
    if (/^(COMMIT|ROLLBACK)/.test(text)) open.delete(client);
    const part = parts.at(-1)!;
    part.push(statement);
    if (open.size === 0 && part.length >= traffic.length / 4 && parts.length < 4) parts.push([]);
  }
  const [first = [], second = [], third = [], fourth = []] = parts;
  return [first, second, third, fourth];
}

/** Sends the statements to Postgres one at a time, in the order in which they ended. So none waits for ever. */
export class Traffic {
  readonly #clients = new Map<string, pg.Client>();
  readonly #url: string;
  readonly #role: string | undefined;

  constructor(url: string, role?: string) {
    this.#url = url;
    this.#role = role;
  }

  async give({ client, text, values }: Statement): Promise<void> {
    const connection = this.#clients.get(client) ?? (await this.#connect(client));
    await connection.query(
      text,
      values.map((value) => (typeof value === 'object' && value ? Buffer.from(value.base64, 'base64') : value)),
    );
  }

  async end(): Promise<void> {
    for (const client of this.#clients.values()) await client.end();
  }

  async #connect(name: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      ...(this.#role !== undefined && { options: `-c role=${this.#role}` }),
    });
    await client.connect();
    this.#clients.set(name, client);
    return client;
  }
}
