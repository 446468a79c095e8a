// The newest version of every voucher, from voucher.definitions.v1: whether it exists, whose it is, its clock and goods.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Definition, Facts, Order } from '@vouchers/contracts';
import { notFound, Readiness } from '@vouchers/service';
import { namesMatchesGoods } from '@vouchers/voucher';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { CompactedTopic } from './compacted.topic.ts';
import { NamedAttributes, type Stripped } from './named-attributes.ts';

@Injectable()
export class Definitions implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest = new Map<string, Definition>();
  /** Only of vouchers whose use condition asks: goods are by far the larger part of a definition. */
  private readonly goods = new Map<string, { version: number; skus: Set<string> }>();
  private readonly named = new NamedAttributes();
  private readonly topic: CompactedTopic;

  constructor(platform: PlatformKafka, settings: PageDeliverySettings, readiness: Readiness) {
    const options = {
      name: 'definitions',
      topic: settings.topics.definitions,
      groupId: `${settings.group('definitions')}.${platform.processId}`,
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

  /** The same, read to the topic's present end where it is not known. 404 `unknown-voucher`. */
  async find(voucherId: string): Promise<Definition> {
    const known = this.newest.get(voucherId);
    if (known) return known;
    await this.topic.toPresentEnd();
    const found = this.newest.get(voucherId);
    if (!found) throw notFound('unknown-voucher');
    return found;
  }

  toPresentEnd(): Promise<void> {
    return this.topic.toPresentEnd();
  }

  /** Where the use condition asks for it: is an item of the order among the voucher's goods, as they stand at this moment? */
  async matchesGoods(voucherId: string, order: Order): Promise<{ matchesGoods?: boolean; goodsVersion?: number }> {
    const definition = this.newest.get(voucherId);
    if (!definition || !namesMatchesGoods(definition)) return {};
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

  private take(voucherId: string, value: Buffer | null): void {
    if (!value) {
      this.newest.delete(voucherId);
      this.goods.delete(voucherId);
      return;
    }
    const definition = JSON.parse(value.toString('utf8')) as Definition;
    const { goods, ...spec } = definition.spec;
    // The outbox delivers at least once: an older version may come after a newer one.
    const before = this.newest.get(voucherId);
    if ((before?.version ?? 0) > definition.version) return;
    this.named.replaced(before, definition);
    this.newest.set(voucherId, { ...definition, spec: { ...spec, goods: [] } });
    if (namesMatchesGoods(definition))
      this.goods.set(voucherId, { version: definition.version, skus: new Set(goods.map(({ sku }) => sku)) });
    else this.goods.delete(voucherId);
  }
}
