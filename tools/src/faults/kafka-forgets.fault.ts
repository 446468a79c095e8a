// Kafka's own idea of how far a group came is gone, or nonsense: it is a hint and no more.
import { asAdmin } from './evidence.ts';
import type { Fault } from './fault.ts';

const FAR = '999999999';

export const KAFKA_FORGETS: Fault = {
  name: 'group-deleted',
  title: 'the consumer groups of ledger and page-delivery are deleted, then their offsets put out of range',
  strike: async (stage) => {
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
