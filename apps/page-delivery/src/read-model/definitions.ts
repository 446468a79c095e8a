// The newest version of every voucher, from voucher.definitions.v1: whether it exists, whose it is, its clock and goods.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Definition, Facts, Order } from '@vouchers/contracts';
import { notFound, parkedProblem, Readiness } from '@vouchers/service';
import { namesMatchesGoods } from '@vouchers/voucher';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { CompactedTopic } from './compacted.topic.ts';
import { definitionIn, VOUCHER_ID } from './configured.ts';
import { NamedAttributes, type Stripped } from './named-attributes.ts';
import { ReadModel } from './read-model.ts';

const IN_FORCE = {
  name: 'definition-in-force',
  text: 'SELECT definition FROM definitions_in_force WHERE voucher_id = $1',
};

@Injectable()
export class Definitions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest = new Map<string, Definition>();
  /** Only of vouchers whose use condition asks: goods are by far the larger part of a definition. */
  private readonly goods = new Map<string, { version: number; skus: Set<string> }>();
  private readonly named = new NamedAttributes();
  private readonly topic: CompactedTopic;

  constructor(
    platform: PlatformKafka,
    settings: PageDeliverySettings,
    private readonly readModel: ReadModel,
    readiness: Readiness,
  ) {
    const options = {
      name: 'definitions',
      topic: settings.topics.definitions,
      groupId: `${settings.group('definitions')}.${platform.processId}`,
      key: VOUCHER_ID,
    };
    this.topic = new CompactedTopic(platform, options, readiness, (key, value) => this.take(key, value));
  }

  onApplicationBootstrap(): void {
    void this.topic.follow().catch(() => undefined);
  }

  /** The newest version as far as read. Its `goods` are empty. */
  get(voucherId: string): Definition | undefined {
    return this.newest.get(voucherId);
  }

  /** Its newest version cannot be read. */
  isUnreadable(voucherId: string): boolean {
    return this.topic.isUnreadable(voucherId);
  }

  unreadable(): string[] {
    return this.topic.unreadableKeys();
  }

  /**
   * The same, read to the topic's present end where it is not known. 404 `unknown-voucher`. Where the newest version cannot
   * be read, the one by which the ledger decides: writes go on. 503 `parked` where there is none.
   */
  async find(voucherId: string): Promise<Definition> {
    const known = this.newest.get(voucherId);
    if (known) return known;
    await this.topic.toPresentEnd();
    const found = this.newest.get(voucherId);
    if (this.topic.isUnreadable(voucherId)) return this.inForce(voucherId);
    if (!found) throw notFound('unknown-voucher');
    return found;
  }

  toPresentEnd(): Promise<void> {
    return this.topic.toPresentEnd();
  }

  /** Where the use condition asks for it: is an item of the order among the voucher's goods, as they stand at this moment? */
  async matchesGoods(voucherId: string, order: Order): Promise<{ matchesGoods?: boolean; goodsVersion?: number }> {
    const isUnreadable = this.topic.isUnreadable(voucherId);
    const definition = isUnreadable ? await this.inForce(voucherId) : this.newest.get(voucherId);
    if (!definition || !namesMatchesGoods(definition)) return {};
    // Its goods stand in the record that cannot be read.
    if (isUnreadable) throw parkedProblem();
    await this.topic.toPresentEnd();
    const goods = this.goods.get(voucherId);
    if (!goods) return {};
    return { matchesGoods: order.items?.some(({ sku }) => goods.skus.has(sku)) ?? false, goodsVersion: goods.version };
  }

  /**
   * Of a user's attributes those that the voucher's newest version names. Where its end was not confirmed within the last
   * second, the topic is read to it first: 503 without Kafka. Who has no attributes lacks none.
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

  private take(voucherId: string, value: Buffer | null): boolean {
    const definition = value && definitionIn(voucherId, value);
    if (!definition) {
      this.newest.delete(voucherId);
      this.goods.delete(voucherId);
      return !value;
    }
    const { goods, ...spec } = definition.spec;
    // The outbox delivers at least once: an older version may come after a newer one.
    const before = this.newest.get(voucherId);
    if ((before?.version ?? 0) > definition.version) return true;
    this.named.replaced(before, definition);
    this.newest.set(voucherId, { ...definition, spec: { ...spec, goods: [] } });
    if (namesMatchesGoods(definition))
      this.goods.set(voucherId, { version: definition.version, skus: new Set(goods.map(({ sku }) => sku)) });
    else this.goods.delete(voucherId);
    return true;
  }
}
