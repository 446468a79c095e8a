// Every page, from voucher.pages.v1.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Page } from '@vouchers/contracts';
import { notFound, parkedProblem, Readiness } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { CompactedTopic } from './compacted.topic.ts';
import { pageIn, SLUG } from './configured.ts';

@Injectable()
export class KnownPages implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest = new Map<string, Page>();
  private readonly topic: CompactedTopic;

  constructor(platform: PlatformKafka, settings: PageDeliverySettings, readiness: Readiness) {
    const groupId = `${settings.group('pages')}.${platform.processId}`;
    const options = { name: 'pages', topic: settings.topics.pages, groupId, key: SLUG };
    this.topic = new CompactedTopic(platform, options, readiness, (key, value) => this.take(key, value));
  }

  onApplicationBootstrap(): void {
    void this.topic.follow().catch(() => undefined);
  }

  /** Read to the topic's present end where it is not known. 404; 503 where its newest record cannot be read. */
  async find(slug: string): Promise<Page> {
    const known = this.newest.get(slug);
    if (known) return known;
    await this.topic.toPresentEnd();
    const found = this.newest.get(slug);
    if (this.topic.isUnreadable(slug)) throw parkedProblem('The page');
    if (!found) throw notFound();
    return found;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.topic.stop();
  }

  private take(slug: string, value: Buffer | null): boolean {
    const page = value && pageIn(slug, value);
    if (!page) {
      this.newest.delete(slug);
      return !value;
    }
    if ((this.newest.get(slug)?.version ?? 0) <= page.version) this.newest.set(slug, page);
    return true;
  }
}
