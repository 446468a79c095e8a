// Every page, from voucher.pages.v1.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Page } from '@vouchers/contracts';
import { notFound, Readiness } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { CompactedTopic } from './compacted.topic.ts';

@Injectable()
export class KnownPages implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest = new Map<string, Page>();
  private readonly topic: CompactedTopic;

  constructor(platform: PlatformKafka, settings: PageDeliverySettings, readiness: Readiness) {
    const groupId = `${settings.group('pages')}.${platform.processId}`;
    const options = { name: 'pages', topic: settings.topics.pages, groupId };
    this.topic = new CompactedTopic(platform, options, readiness, (key, value) => this.take(key, value));
  }

  onApplicationBootstrap(): void {
    void this.topic.follow().catch(() => undefined);
  }

  /** Read to the topic's present end where it is not known. 404. */
  async find(slug: string): Promise<Page> {
    const known = this.newest.get(slug);
    if (known) return known;
    await this.topic.toPresentEnd();
    const found = this.newest.get(slug);
    if (!found) throw notFound();
    return found;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.topic.stop();
  }

  private take(slug: string, value: Buffer | null): void {
    if (!value) {
      this.newest.delete(slug);
      return;
    }
    const page = JSON.parse(value.toString('utf8')) as Page;
    if ((this.newest.get(slug)?.version ?? 0) <= page.version) this.newest.set(slug, page);
  }
}
