import { Inject, Injectable } from '@nestjs/common';
import {
  DEFINITION_TYPE,
  fault,
  HEADERS,
  MAX_DEFINITION_BYTES,
  MAX_RECORD_BYTES,
  PAGE_TYPE,
  type Definition,
} from '@vouchers/contracts';
import { cloudEvent, partitionOfKey, recordBytes, type OutgoingRecord } from '@vouchers/messaging';
import { currentTraceparent, ProblemError } from '@vouchers/service';
import { In, type EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import { ConfigSettings } from '../config.settings.ts';
import { PageRow } from '../pages/page.entity.ts';
import { pagePublished } from '../pages/page.shown.ts';
import { VoucherVersionRow, type VoucherRow } from '../vouchers/voucher.entity.ts';
import type { Kind, OutboxRow } from './outbox.entity.ts';

/** The namespace of event ids. An id is made from key and version, so a record that is sent again has the same id. */
const EVENT_IDS = 'a3f1c7de-5a0e-4c55-9d0b-2f9d7a5f3c11';

/** Room for the bytes that Kafka adds to a record, and for the trace header of a record that is sent again. */
const MARGIN_BYTES = 1_000;

/** Makes the records of the topics from config's rows. */
@Injectable()
export class OutboxRecords {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  /**
   * Makes two records per row. The one with the goods is for the definitions and is sent first, so that page-delivery
   * knows each version that the ledger knows. The one without goods is for the submissions.
   */
  async vouchers(
    manager: EntityManager,
    rows: OutboxRow[],
    known: VoucherVersionRow[],
  ): Promise<{ toDefinitions: OutgoingRecord[]; toSubmissions: OutgoingRecord[] }> {
    const versions = await versionsOf(manager, rows, known);
    const { definitions } = this.settings.topics;
    return {
      toDefinitions: versions.map((version) => this.definitionRecord(definitions, definitionOf(version))),
      toSubmissions: versions.map((version) => this.submissionRecord(version)),
    };
  }

  async pages(manager: EntityManager, rows: OutboxRow[]): Promise<OutgoingRecord[]> {
    const pages = await manager.findBy(PageRow, { slug: In(rows.map(({ key }) => key)) });
    return pages.map((page) => this.pageRecord(page));
  }

  deletions(kind: Kind, rows: Pick<OutboxRow, 'key' | 'version'>[]): OutgoingRecord[] {
    return rows.map((row) => this.deletionRecord(kind, row));
  }

  /** Makes the records of the definitions, without those that Kafka does not take. */
  newestVersions(rows: VoucherRow[]): OutgoingRecord[] {
    const { definitions } = this.settings.topics;
    return rows.map((row) => this.definitionRecord(definitions, definitionOf(newestOf(row)))).filter(isTaken);
  }

  /** Makes the records of these pages, deleted ones among them. */
  async newestPages(manager: EntityManager, slugs: string[]): Promise<OutgoingRecord[]> {
    const pages = await manager.findBy(PageRow, { slug: In(slugs) });
    const deleted = (await manager.query(
      `SELECT slug AS key, version FROM deleted_pages WHERE slug = ANY ($1) AND slug NOT IN (SELECT slug FROM pages)`,
      [slugs],
    )) as { key: string; version: number }[];
    return [...pages.map((page) => this.pageRecord(page)), ...this.deletions('page', deleted)];
  }

  /**
   * To be called before a version is stored. 413 if it is too large for Kafka.
   * @param pointerOf returns the JSON pointer of the n-th version in the body
   */
  checkVersions(versions: VoucherVersionRow[], pointerOf?: (index: number) => string): void {
    for (const [index, version] of versions.entries()) {
      this.check(this.definitionRecord(this.settings.topics.definitions, definitionOf(version)), pointerOf?.(index));
      this.check(this.submissionRecord(version), pointerOf?.(index));
    }
  }

  /** To be called before a page is stored. 413 if it is too large for Kafka. */
  checkPage(page: PageRow): void {
    this.check(this.pageRecord(page));
  }

  private check(record: OutgoingRecord, pointer?: string): void {
    const limit = this.limitOf(record);
    const bytes = recordBytes(record);
    if (bytes <= limit) return;
    const detail = `It takes ${bytes} bytes to publish, at most ${limit} bytes are possible.`;
    const errors = pointer === undefined ? undefined : [fault(pointer, 'record-bytes', { bytes, most: limit })];
    throw new ProblemError(413, { detail, ...(errors && { errors }) });
  }

  private limitOf({ topic }: OutgoingRecord): number {
    return (topic === this.settings.topics.definitions ? MAX_DEFINITION_BYTES : MAX_RECORD_BYTES) - MARGIN_BYTES;
  }

  private definitionRecord(topic: string, definition: Definition): OutgoingRecord {
    const { voucherId, version, at } = definition;
    return this.record(topic, voucherId, definition, { type: DEFINITION_TYPE, version, at });
  }

  private submissionRecord(version: VoucherVersionRow): OutgoingRecord {
    const definition = definitionOf(version);
    const { submissions } = this.settings.topics;
    return this.definitionRecord(submissions, { ...definition, spec: { ...definition.spec, goods: [] } });
  }

  private pageRecord(row: PageRow): OutgoingRecord {
    const page = pagePublished(row);
    const { slug, version, updatedAt } = page;
    return this.record(this.settings.topics.pages, slug, page, { type: PAGE_TYPE, version, at: updatedAt });
  }

  /** Makes a tombstone, so that compaction removes the key. It has a version, since older records may come late. */
  private deletionRecord(kind: Kind, { key, version }: Pick<OutboxRow, 'key' | 'version'>): OutgoingRecord {
    const { topics } = this.settings;
    const [topic, type] = kind === 'page' ? [topics.pages, PAGE_TYPE] : [topics.definitions, DEFINITION_TYPE];
    const record = this.record(topic, key, null, { type, version, at: new Date().toISOString() });
    return { ...record, headers: { ...record.headers, [HEADERS.version]: String(version) } };
  }

  private record(
    topic: string,
    key: string,
    value: object | null,
    { type, version, at }: { type: string; version: number; at: string },
  ): OutgoingRecord {
    const id = uuidv5(`${type} ${key} ${version}`, EVENT_IDS);
    return {
      topic,
      partition: partitionOfKey(key, this.settings.partitions),
      key,
      value: value === null ? null : JSON.stringify(value),
      headers: cloudEvent({ id, type, source: '/config', time: at, subject: key, traceparent: currentTraceparent() }),
    };
  }
}

/**
 * Keeps the last version per key: release 0.1.0 stored versions that Kafka does not take, and a later one replaces
 * them.
 */
export function withoutReplaced(records: OutgoingRecord[]): OutgoingRecord[] {
  const last = new Map(records.map((record) => [record.key, record]));
  return records.filter((record) => isTaken(record) || last.get(record.key) === record);
}

const isTaken = (record: OutgoingRecord): boolean => recordBytes(record) <= MAX_DEFINITION_BYTES - MARGIN_BYTES;

/** The parts of a version that are published: without names, since nobody can be forgotten on Kafka. */
type Published = Omit<VoucherVersionRow, 'changed' | 'byName'>;

const newestOf = ({ id, updatedBy, updatedAt, ...row }: VoucherRow): Published => ({
  ...row,
  voucherId: id,
  by: updatedBy,
  at: updatedAt,
});

/** The versions that the rows name, in their order. */
async function versionsOf(
  manager: EntityManager,
  rows: OutboxRow[],
  known: VoucherVersionRow[],
): Promise<VoucherVersionRow[]> {
  const versions = new Map(known.map((version) => [keyOf(version.voucherId, version.version), version]));
  const lacking = rows.filter(({ key, version }) => !versions.has(keyOf(key, version)));
  if (lacking.length > 0) {
    const read = await manager
      .createQueryBuilder(VoucherVersionRow, 'version')
      .where('(version.voucher_id, version.version) IN (SELECT * FROM unnest(:ids::uuid[], :versions::int[]))', {
        ids: lacking.map(({ key }) => key),
        versions: lacking.map(({ version }) => version),
      })
      .getMany();
    for (const version of read) versions.set(keyOf(version.voucherId, version.version), version);
  }
  return rows.map(({ key, version }) => versions.get(keyOf(key, version))!);
}

const keyOf = (voucherId: string, version: number): string => `${voucherId} ${version}`;

const definitionOf = ({ voucherId, version, intent, team, by, at, spec }: Published): Definition => ({
  voucherId,
  version,
  intent,
  team,
  by,
  at: at.toISOString(),
  spec,
});
