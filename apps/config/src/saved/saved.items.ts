// Small JSON values that staff save by name. Each has an owner: a team's templates have none, a view has its user.
import { Injectable } from '@nestjs/common';
import { fault, type List } from '@vouchers/contracts';
import { Database, pageOf, paging, ProblemError, type Caller } from '@vouchers/service';

export const SAVED_KINDS = ['templates', 'views'] as const;
export type SavedKind = (typeof SAVED_KINDS)[number];

export interface SavedItem {
  name: string;
  value: Record<string, unknown>;
  at: string;
}
type Row = Omit<SavedItem, 'at'> & { at: Date };

/** The most items of one owner, and the most bytes of one value. A list of them stays below 7 MB. */
const MOST = { templates: 100, views: 50 };
const MOST_BYTES = 65_536;

const COLUMNS = 'name, value, at';
const OWN = 'kind = $1 AND team = $2 AND owner = $3';

@Injectable()
export class SavedItems {
  constructor(private readonly database: Database) {}

  async list(kind: SavedKind, query: Record<string, unknown>, caller: Caller): Promise<List<SavedItem>> {
    const { limit, after } = paging(query);
    const rows = (await this.database.manager.query(
      `SELECT ${COLUMNS} FROM saved_items WHERE ${OWN} AND name > $4 ORDER BY name LIMIT $5`,
      [...ownerOf(kind, caller), after?.[0] ?? '', limit + 1],
    )) as Row[];
    return pageOf(rows, limit, ({ name }) => [name], shown);
  }

  /** @throws ProblemError 409 `quota` for one more than an owner may have, and 413 for a large value */
  save(kind: SavedKind, name: string, value: Record<string, unknown>, caller: Caller): Promise<SavedItem> {
    const json = JSON.stringify(value);
    const bytes = Buffer.byteLength(json);
    if (bytes > MOST_BYTES)
      throw new ProblemError(413, { detail: `It has ${bytes} bytes, at most ${MOST_BYTES} are kept.` });
    const own = ownerOf(kind, caller);
    return this.database.manager.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('saved ' || $1, 0))`, [own.join(' ')]);
      const [{ others }] = (await manager.query(
        `SELECT count(*)::int AS others FROM saved_items WHERE ${OWN} AND name <> $4`,
        [...own, name],
      )) as [{ others: number }];
      const most = MOST[kind];
      if (others >= most)
        throw new ProblemError(409, {
          reason: 'quota',
          detail: `At most ${most} ${kind} are kept.`,
          errors: [fault('/name', 'quota', { most, setting: kind })],
        });
      const [row] = (await manager.query(
        `INSERT INTO saved_items (kind, team, owner, name, value, at) VALUES ($1, $2, $3, $4, $5, now())
         ON CONFLICT (kind, team, owner, name) DO UPDATE SET value = excluded.value, at = excluded.at
         RETURNING ${COLUMNS}`,
        [...own, name, json],
      )) as [Row];
      return shown(row);
    });
  }

  async remove(kind: SavedKind, name: string, caller: Caller): Promise<void> {
    await this.database.manager.query(`DELETE FROM saved_items WHERE ${OWN} AND name = $4`, [
      ...ownerOf(kind, caller),
      name,
    ]);
  }
}

const ownerOf = (kind: SavedKind, { team, sub }: Caller): [string, string, string] => [
  kind,
  team,
  kind === 'views' ? sub : '',
];

const shown = ({ at, ...item }: Row): SavedItem => ({ ...item, at: at.toISOString() });
