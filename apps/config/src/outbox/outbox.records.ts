import { Inject, Injectable } from '@nestjs/common';
import { DEFINITION_TYPE, PAGE_TYPE, type Definition } from '@vouchers/contracts';
import { cloudEvent, partitionOfKey, type OutgoingRecord } from '@vouchers/messaging';
import { currentTraceparent } from '@vouchers/service';
import { In, type EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import { ConfigSettings } from '../config.settings.ts';
import { PageRow } from '../pages/page.entity.ts';
import { pageShown } from '../pages/page.shown.ts';
import { VoucherVersionRow } from '../vouchers/voucher.entity.ts';
import type { OutboxRow } from './outbox.entity.ts';

/** Namespace of event ids: an id follows from key and version, so a record sent again has the same one. */
const EVENT_IDS = 'a3f1c7de-5a0e-4c55-9d0b-2f9d7a5f3c11';

/** What stands on the topics for what was written. */
@Injectable()
export class OutboxRecords {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  /** Of each row its two records: with its goods, which is sent first, so that the ledger never knows more, and without. */
  async vouchers(
    manager: EntityManager,
    rows: OutboxRow[],
    known: VoucherVersionRow[],
  ): Promise<{ toDefinitions: OutgoingRecord[]; toSubmissions: OutgoingRecord[] }> {
    const definitions = await definitionsOf(manager, rows, known);
    const { topics } = this.settings;
    return {
      toDefinitions: definitions.map((definition) => this.definitionRecord(topics.definitions, definition)),
      toSubmissions: definitions.map((definition) =>
        this.definitionRecord(topics.submissions, { ...definition, spec: { ...definition.spec, goods: [] } }),
      ),
    };
  }

  private definitionRecord(topic: string, definition: Definition): OutgoingRecord {
    const { voucherId, version, at } = definition;
    return this.record(topic, voucherId, definition, { type: DEFINITION_TYPE, version, at });
  }

  async pages(manager: EntityManager, rows: OutboxRow[]): Promise<OutgoingRecord[]> {
    const pages = await manager.findBy(PageRow, { slug: In(rows.map(({ key }) => key)) });
    return pages.map(pageShown).map((page) =>
      this.record(this.settings.topics.pages, page.slug, page, {
        type: PAGE_TYPE,
        version: page.version,
        at: page.updatedAt,
      }),
    );
  }

  private record(
    topic: string,
    key: string,
    value: object,
    { type, version, at }: { type: string; version: number; at: string },
  ): OutgoingRecord {
    const id = uuidv5(`${type} ${key} ${version}`, EVENT_IDS);
    return {
      topic,
      partition: partitionOfKey(key, this.settings.partitions),
      key,
      value: JSON.stringify(value),
      headers: cloudEvent({ id, type, source: '/config', time: at, subject: key, traceparent: currentTraceparent() }),
    };
  }
}

/** The versions that the rows name, in their order. */
async function definitionsOf(
  manager: EntityManager,
  rows: OutboxRow[],
  known: VoucherVersionRow[],
): Promise<Definition[]> {
  const versions = new Map(known.map((version) => [placeOf(version.voucherId, version.version), version]));
  const lacking = rows.filter(({ key, version }) => !versions.has(placeOf(key, version)));
  if (lacking.length > 0) {
    const read = await manager
      .createQueryBuilder(VoucherVersionRow, 'version')
      .where('(version.voucher_id, version.version) IN (SELECT * FROM unnest(:ids::uuid[], :versions::int[]))', {
        ids: lacking.map(({ key }) => key),
        versions: lacking.map(({ version }) => version),
      })
      .getMany();
    for (const version of read) versions.set(placeOf(version.voucherId, version.version), version);
  }
  return rows.map(({ key, version }) => definitionOf(versions.get(placeOf(key, version))!));
}

const placeOf = (voucherId: string, version: number): string => `${voucherId} ${version}`;

const definitionOf = ({ voucherId, version, intent, team, by, at, spec }: VoucherVersionRow): Definition => ({
  voucherId,
  version,
  intent,
  team,
  by,
  at: at.toISOString(),
  spec,
});
