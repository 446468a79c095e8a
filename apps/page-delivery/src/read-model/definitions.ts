// The newest version of every voucher, from voucher.definitions.v1.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { OWN_UUID, takesMoneyOff, type Definition, type Facts, type GoodsShown, type Order } from '@vouchers/contracts';
import { parkedProblem } from '@vouchers/outcomes';
import { notFound, Readiness, readersOf } from '@vouchers/service';
import { namesMatchesGoods } from '@vouchers/voucher';
import { LRUCache } from 'lru-cache';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { showCache } from './cache.metrics.ts';
import { CompactedTopic } from './compacted.topic.ts';
import { definitionIn } from './configured.ts';
import { NamedAttributes, type Stripped } from './named-attributes.ts';
import { LAST_VERSION, NewestRecords, type NewestRecord } from './newest-records.ts';
import { ReadModel } from './read-model.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** The bytes that a definition takes in memory per byte of its JSON, since its conditions are kept parsed. */
const BYTES_PER_JSON_BYTE = 10;
/** The bytes of a set's entry with its text. */
const bytesOfSku = (sku: string): number => 80 + 2 * sku.length;

const IN_FORCE = {
  name: 'definition-in-force',
  text: 'SELECT definition FROM definitions_in_force WHERE voucher_id = $1',
};

/** A definition with empty goods, and what a page shows of them. Rows of earlier releases do not have that. */
export type KeptDefinition = Definition & { goodsShown?: GoodsShown };

/** The goods that a page names. */
const NAMED_GOODS = 3;

interface Goods {
  version: number;
  skus: Set<string>;
  bytes: number;
}

@Injectable()
export class Definitions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest: NewestRecords<KeptDefinition>;
  /** The goods of vouchers whose use condition or price needs them. They are read with the first order. */
  private readonly goods: LRUCache<string, Goods>;
  private readonly named = new NamedAttributes();
  private readonly topic: CompactedTopic;

  constructor(
    platform: PlatformKafka,
    settings: PageDeliverySettings,
    private readonly readModel: ReadModel,
    readiness: Readiness,
  ) {
    const bytes = settings.cacheShare('definitions');
    this.newest = new NewestRecords(readModel, 'definitions', bytes, BYTES_PER_JSON_BYTE, (before, next) =>
      this.named.replaced(before, next),
    );
    this.goods = new LRUCache({ maxSize: settings.cacheShare('goods'), sizeCalculation: (goods) => goods.bytes });
    const options = {
      name: 'definitions',
      topic: settings.topics.definitions,
      groupId: `${settings.group('definitions')}.${platform.processId}`,
      key: OWN_UUID,
      isKnown: (voucherId: string) => this.newest.isKnown(voucherId),
    };
    this.topic = new CompactedTopic(
      platform,
      options,
      readiness,
      (key, value) => this.take(key, value),
      () => this.newest.store(),
    );
    showCache('definitions', () => this.newest.bytes());
    showCache('goods', () => this.goods.calculatedSize);
  }

  onApplicationBootstrap(): void {
    void this.topic.follow().catch(() => undefined);
  }

  /**
   * The newest versions of these vouchers, with empty `goods`. The `value` of a deleted voucher is undefined. If a
   * voucher is not known, the topic is first read to its present end, unless Kafka is away. Returns no promise if all
   * vouchers are in memory.
   */
  of(voucherIds: readonly string[]): MaybePromise<ReadonlyMap<string, NewestRecord<KeptDefinition>>> {
    const known = this.newest.of(voucherIds);
    if (!(known instanceof Promise)) return known;
    return known.then((found) => (found.size === voucherIds.length ? found : this.read(voucherIds)));
  }

  /** Waits until all definitions that are published by now are known. 503 without Kafka. */
  toPresentEnd(): Promise<void> {
    return this.topic.toPresentEnd();
  }

  /** True if the voucher's newest version cannot be read. */
  isUnreadable(voucherId: string): boolean {
    return this.topic.isUnreadable(voucherId);
  }

  unreadable(): string[] {
    return this.topic.unreadableKeys();
  }

  /**
   * The newest version. If none is known, the topic is first read to its present end; then 404 `unknown-voucher`. If
   * the newest version cannot be read, returns the version by which the ledger decides, so that writes go on; 503
   * `parked` if there is no such version.
   * @param sees whether the caller sees the voucher; one that it does not see is looked up like one that is not known
   */
  async find(voucherId: string, sees: (definition: Definition) => boolean = () => true): Promise<Definition> {
    const isSeen = ({ value }: NewestRecord<Definition>): boolean => value === undefined || sees(value);
    if (!this.topic.isUnreadable(voucherId)) {
      const inMemory = this.newest.get(voucherId);
      const known = inMemory && isSeen(inMemory) ? inMemory : (await this.newest.stored([voucherId])).get(voucherId);
      if (known?.value && sees(known.value)) return known.value;
      // A deleted voucher never comes back.
      if (known && !known.value) throw notFound('unknown-voucher');
    }
    await this.topic.toPresentEnd();
    const found = this.topic.isUnreadable(voucherId)
      ? await this.inForce(voucherId)
      : (await this.newest.stored([voucherId])).get(voucherId)?.value;
    if (!found || !sees(found)) throw notFound('unknown-voucher');
    return found;
  }

  /**
   * If the use condition needs it: whether an item of the order is among the voucher's goods, as they are now.
   */
  async matchesGoods(voucherId: string, order: Order): Promise<{ matchesGoods?: boolean; goodsVersion?: number }> {
    const goods = await this.neededGoods(voucherId);
    if (!goods) return {};
    return { matchesGoods: order.items?.some(({ sku }) => goods.skus.has(sku)) ?? false, goodsVersion: goods.version };
  }

  /** The voucher's goods, as they are now. Undefined if the use condition does not need them. */
  async neededGoods(voucherId: string): Promise<Pick<Goods, 'version' | 'skus'> | undefined> {
    const isUnreadable = this.topic.isUnreadable(voucherId);
    const definition = isUnreadable
      ? await this.inForce(voucherId)
      : (await this.newest.of([voucherId])).get(voucherId)?.value;
    if (!definition || !namesMatchesGoods(definition)) return undefined;
    // The goods are in the record that cannot be read.
    if (isUnreadable) throw parkedProblem();
    await this.topic.toPresentEnd();
    return (await this.goodsOf([voucherId])).get(voucherId);
  }

  /**
   * The goods that the benefits of these vouchers reach, as this replica knows them. Vouchers whose benefits reach every
   * line, or take no money off, are left out.
   */
  async reachedGoods(voucherIds: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
    const newest = await this.newest.of(voucherIds);
    const ofMoney = voucherIds.filter((id) => takesMoneyOff(newest.get(id)?.value?.spec.benefit));
    const goods = [...(await this.goodsOf(ofMoney))].map(([id, { skus }]) => [id, skus] as const);
    return new Map(goods.filter(([, skus]) => skus.size > 0));
  }

  /** As `reachedGoods`, of one voucher. Undefined: the benefit reaches every line, or takes no money off. */
  async reachedGoodsOf(voucherId: string): Promise<ReadonlySet<string> | undefined> {
    const newest = (await this.newest.of([voucherId])).get(voucherId);
    if (!takesMoneyOff(newest?.value?.spec.benefit)) return undefined;
    const known = this.goods.get(voucherId);
    const goods = known?.version === newest!.version ? known : (await this.goodsOf([voucherId])).get(voucherId);
    return goods && goods.skus.size > 0 ? goods.skus : undefined;
  }

  /**
   * Selects the user's attributes that the voucher's newest version names. If the topic was not read to its end within
   * the last second, this is done first; 503 without Kafka. A user without attributes does not wait.
   */
  async strip(voucherId: string, attributes: Facts): Promise<Stripped> {
    if (Object.keys(attributes).length === 0) return { attributes };
    await this.topic.confirmed();
    return this.named.of(await this.find(voucherId), attributes);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.topic.stop();
  }

  private async inForce(voucherId: string): Promise<Definition> {
    const [row] = await this.readModel.rows<{ definition: Definition }>(IN_FORCE, [voucherId]);
    if (!row) throw parkedProblem();
    return row.definition;
  }

  private async read(voucherIds: readonly string[]): Promise<Map<string, NewestRecord<KeptDefinition>>> {
    await this.topic.toPresentEnd().catch(() => undefined);
    return this.newest.of(voucherIds);
  }

  /** One that has no goods stored has none. */
  private async goodsOf(voucherIds: readonly string[]): Promise<Map<string, Goods>> {
    const newest = await this.newest.of(voucherIds);
    const found = new Map<string, Goods>();
    for (const id of voucherIds) {
      const known = this.goods.get(id);
      if (known && known.version === newest.get(id)?.version) found.set(id, known);
    }
    const missing = voucherIds.filter((id) => !found.has(id));
    for (const { key, version, beside } of missing.length > 0 ? await this.newest.besidesOf(missing) : []) {
      const skus = beside ? (JSON.parse(beside.toString('utf8')) as string[]) : [];
      const bytes = skus.reduce((sum, sku) => sum + bytesOfSku(sku), bytesOfSku(key));
      const goods = { version, skus: new Set(skus), bytes };
      this.goods.set(key, goods);
      found.set(key, goods);
    }
    return found;
  }

  private take(voucherId: string, value: Buffer | null): boolean {
    if (!value) {
      this.newest.take({
        key: voucherId,
        version: LAST_VERSION,
        json: null,
        beside: null,
        readers: null,
        isRare: true,
      });
      return true;
    }
    const definition = definitionIn(voucherId, value);
    if (!definition) return false;
    const { goods, ...spec } = definition.spec;
    const readers = readersOf(definition);
    this.newest.take({
      key: voucherId,
      version: definition.version,
      json: Buffer.from(JSON.stringify({ ...definition, spec: { ...spec, goods: [] }, ...shownOf(goods) })),
      beside: needsGoods(definition) ? Buffer.from(JSON.stringify(goods.map(({ sku }) => sku))) : null,
      readers: readers === 'any' ? null : readers,
      isRare: definition.intent === 'draft' || definition.intent === 'terminated',
    });
    return true;
  }
}

function shownOf(goods: Definition['spec']['goods']): Pick<KeptDefinition, 'goodsShown'> {
  const names = goods.slice(0, NAMED_GOODS).map(({ sku, name }) => name || sku);
  return goods.length > 0 ? { goodsShown: { count: goods.length, names } } : {};
}

/** Whether the voucher's use condition or its price depends on its goods. */
const needsGoods = (definition: Definition): boolean =>
  namesMatchesGoods(definition) || (takesMoneyOff(definition.spec.benefit) && definition.spec.goods.length > 0);
