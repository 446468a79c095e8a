// The newest version of every page, from voucher.pages.v1.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HEADERS, PAGE_SLUG, type Page } from '@vouchers/contracts';
import { headerOf, type IncomingRecord } from '@vouchers/messaging';
import { parkedProblem } from '@vouchers/outcomes';
import { notFound, Readiness } from '@vouchers/service';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { PageDeliverySettings } from '../settings.ts';
import { showCache } from './cache.metrics.ts';
import { CompactedTopic } from './compacted.topic.ts';
import { pageIn } from './configured.ts';
import { NewestRecords } from './newest-records.ts';
import { ReadModel } from './read-model.ts';

@Injectable()
export class Pages implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly newest: NewestRecords<Page>;
  private readonly topic: CompactedTopic;

  constructor(platform: PlatformKafka, settings: PageDeliverySettings, readModel: ReadModel, readiness: Readiness) {
    this.newest = new NewestRecords(readModel, 'pages', settings.cacheShare('pages'), 3);
    const groupId = `${settings.group('pages')}.${platform.processId}`;
    const isKnown = (slug: string) => this.newest.isKnown(slug);
    const options = { name: 'pages', topic: settings.topics.pages, groupId, key: PAGE_SLUG, isKnown };
    this.topic = new CompactedTopic(
      platform,
      options,
      readiness,
      (key, value, record) => this.take(key, value, record),
      () => this.newest.store(),
    );
    showCache('pages', () => this.newest.bytes());
  }

  onApplicationBootstrap(): void {
    void this.topic.follow().catch(() => undefined);
  }

  /**
   * The newest version. If the page is not known, the topic is first read to its present end; then 404. 503 if the
   * page's newest record cannot be read.
   */
  async find(slug: string): Promise<Page> {
    if (this.topic.isUnreadable(slug)) await this.topic.toPresentEnd();
    if (this.topic.isUnreadable(slug)) throw parkedProblem('The page');
    const page = this.newest.get(slug)?.value ?? (await this.look(slug));
    if (!page) throw notFound();
    return page;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.topic.stop();
  }

  private async look(slug: string): Promise<Page | undefined> {
    const known = (await this.newest.of([slug])).get(slug);
    if (known?.value) return known.value;
    // A deleted page may have been made again.
    await this.topic.toPresentEnd();
    if (this.topic.isUnreadable(slug)) throw parkedProblem('The page');
    return (await this.newest.of([slug])).get(slug)?.value;
  }

  private take(slug: string, value: Buffer | null, record: IncomingRecord): boolean {
    const page = value ? pageIn(slug, value) : undefined;
    if (value && !page) return false;
    const version = page?.version ?? deletedVersion(record);
    if (version !== undefined)
      this.newest.take({ key: slug, version, json: value, beside: null, readers: null, isRare: !value });
    return true;
  }
}

/** The version of a deletion. Each deletion has one, since a page can be made again under its old slug. */
function deletedVersion(record: IncomingRecord): number | undefined {
  const version = headerOf(record, HEADERS.version);
  return version !== undefined && /^[1-9]\d{0,8}$/.test(version) ? Number(version) : undefined;
}
