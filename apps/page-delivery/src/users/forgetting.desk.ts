// Asks the ledger to forget a user, in every partition of the submissions, and tells how far that is.
import { Injectable } from '@nestjs/common';
import { FORGET_TYPE, type Forget } from '@vouchers/contracts';
import { cloudEvent, NotSent, sendInSpans, type OutgoingRecord } from '@vouchers/messaging';
import { currentTraceparent, unavailable } from '@vouchers/service';
import { randomBytes } from 'node:crypto';
import { PlatformKafka } from '../messaging/platform.kafka.ts';
import { ReadModel } from '../read-model/read-model.ts';
import { PageDeliverySettings } from '../settings.ts';

/** A request to forget a user. */
export type Asked = Pick<Forget, 'forgettingId' | 'userId' | 'by'>;

/** The partitions in which the ledger and this service have forgotten the user, of all. */
export interface Progress {
  done: number;
  of: number;
}

const KEEP = {
  name: 'keep-forgetting',
  text: 'INSERT INTO forgettings (forgetting_id, asked_by, team) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
};
const PROGRESS = {
  name: 'forgetting-progress',
  text: `SELECT (SELECT count(*)::int FROM forgotten_partitions p WHERE p.forgetting_id = f.forgetting_id) AS done
    FROM forgettings f WHERE forgetting_id = $1`,
};

@Injectable()
export class ForgettingDesk {
  constructor(
    private readonly settings: PageDeliverySettings,
    private readonly platform: PlatformKafka,
    private readonly readModel: ReadModel,
  ) {}

  /** @throws ProblemError 503 if Postgres or Kafka is away. Then only some partitions may have it: ask again. */
  async ask(asked: Asked): Promise<void> {
    const { forgettingId, by } = asked;
    await this.readModel.rows(KEEP, [forgettingId, by.sub, by.team]);
    const at = new Date().toISOString();
    const records = Array.from({ length: this.settings.partitions }, (_, partition) =>
      this.recordOf({ ...asked, at, salt: randomBytes(32).toString('hex') }, partition),
    );
    try {
      await sendInSpans(this.platform.producer, records);
    } catch (error) {
      const said = error instanceof NotSent ? 'Kafka is away: nothing was accepted.' : 'Kafka has not answered.';
      throw unavailable(`${said} Ask again with the same key.`);
    }
  }

  /** Undefined if nobody asked for it. */
  async progress(forgettingId: string): Promise<Progress | undefined> {
    const [row] = await this.readModel.rows<{ done: number }>(PROGRESS, [forgettingId]);
    return row && { done: row.done, of: this.settings.partitions };
  }

  private recordOf(forget: Forget, partition: number): OutgoingRecord {
    return {
      topic: this.settings.topics.submissions,
      partition,
      key: '',
      value: JSON.stringify(forget),
      headers: cloudEvent({
        id: `${forget.forgettingId}:${partition}`,
        type: FORGET_TYPE,
        source: '/page-delivery',
        time: forget.at,
        subject: String(partition),
        traceparent: currentTraceparent(),
      }),
    };
  }
}
