// Kafka's stored group offsets are deleted or wrong. The services must not depend on them.
import { asAdmin, expire, topicEnds } from './evidence.ts';
import type { Fault } from './fault.ts';
import { appendClaims, appendTicks } from './records.ts';
import { expectHalt } from './log-and-tables.fault.ts';

const FAR = '999999999';
const LATE_MS = -4_000;

const GROUP_DELETED: Fault = {
  name: 'group-deleted',
  title: 'the consumer groups of ledger and page-delivery are deleted, then their offsets put out of range',
  inject: async (stage) => {
    const { services, options, topics, load, brokers, partitions } = stage;
    const groups = {
      [`${options.namespace}.ledger`]: topics.submissions,
      [`${options.namespace}.page-delivery.projector`]: topics.outcomes,
    };
    const offsets = (offset: string) => Array.from({ length: partitions }, (_, partition) => ({ partition, offset }));
    for (const offset of [undefined, FAR, '0']) {
      await Promise.all([services.kill('ledger', 'SIGTERM'), services.kill('page-delivery', 'SIGTERM')]);
      await asAdmin(brokers, async (admin) => {
        if (offset === undefined) await admin.deleteGroups(Object.keys(groups));
        else
          for (const [groupId, topic] of Object.entries(groups))
            await admin.setOffsets({ groupId, topic, partitions: offsets(offset) });
      });
      await Promise.all([services.restart('ledger'), services.restart('page-delivery')]);
      await load.more(20);
    }
  },
};

const OUTCOMES_CUT: Fault = {
  name: 'outcomes-cut',
  title: 'outcomes expire before page-delivery has read them: it reads them from the ledger',
  inject: async (stage) => {
    const { services, auditor, topics, load } = stage;
    await services.kill('page-delivery', 'SIGTERM');
    await appendClaims(stage);
    await auditor.settled();
    // Claims and locks may end meanwhile. The topic keeps their events.
    await expire(stage.brokers, topics.outcomes, await auditor.remember());
    await services.restart('page-delivery');
    await load.more(30);
  },
};

const SUBMISSIONS_CUT: Fault = {
  name: 'submissions-cut',
  title: 'submissions expire before the ledger has read them: it halts and says so',
  ruins: true,
  inject: async (stage) => {
    const { services, topics, brokers } = stage;
    await services.kill('ledger', 'SIGTERM');
    await appendClaims(stage);
    // A partition that was read to its end misses nothing and goes on.
    await appendTicks(stage, LATE_MS);
    await expire(stage.brokers, topics.submissions, await topicEnds(brokers, topics.submissions));
    return expectHalt(stage, /partition \d+ halted: offset \d+ is outside of the log/);
  },
};

export const KAFKA_FORGETS: readonly Fault[] = [GROUP_DELETED, OUTCOMES_CUT, SUBMISSIONS_CUT];
