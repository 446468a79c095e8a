import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { Cursor } from '@vouchers/event-store';
import type { IncomingRecord } from '@vouchers/messaging';
import { KnowledgeBudget } from '../knowledge/knowledge.budget.ts';
import { PartitionKnowledge } from '../knowledge/partition.knowledge.ts';
import { BatchDraft } from './batch.draft.ts';
import { Committing, type CommitSurroundings } from './commit.ts';

describe('two batches', () => {
  let seen: string[];
  let answers: PromiseWithResolvers<Cursor>[];
  let room: Promise<void>;
  let quarantined: Promise<void>;
  let committing: Committing;
  let knowledge: PartitionKnowledge;

  beforeEach(() => {
    seen = [];
    answers = [];
    room = quarantined = Promise.resolve();
    knowledge = new PartitionKnowledge(new KnowledgeBudget(1_000_000));
    const prepare: CommitSurroundings['store']['prepare'] = (batch) => () => {
      seen.push(`${batch.nextOffset} sent`);
      const answer = Promise.withResolvers<Cursor>();
      answers.push(answer);
      return { sent: setImmediate(), written: answer.promise };
    };
    const relay = { room: () => room, handOver: () => void seen.push('handed over') };
    const around = {
      store: { prepare },
      relay,
      quarantine: () => quarantined,
      written: ({ nextOffset }: { nextOffset: number }) => void seen.push(`${nextOffset} told`),
    };
    committing = new Committing(0, around as unknown as CommitSurroundings, knowledge, new Map());
  });

  function draftTo(nextOffset: number): BatchDraft {
    const from = { nextOffset: nextOffset - 1, nextSeq: 1, epoch: 0, hash: '' };
    return Object.assign(new BatchDraft(0, from, 0, knowledge), { nextOffset });
  }

  async function answered(index: number): Promise<void> {
    answers[index]!.resolve({ nextOffset: 0, nextSeq: 0, epoch: 0, hash: '' });
    await setImmediate();
  }

  it('are written one after the other, and the second is sent before the outcomes of the first are published', async () => {
    await committing.draft(draftTo(1));
    const second = committing.draft(draftTo(2));
    await setImmediate();
    expect(seen).toEqual(['1 sent']);
    await answered(0);
    await second;
    expect(seen).toEqual(['1 sent', '2 sent', 'handed over', '1 told']);
    await answered(1);
    expect(seen.slice(4)).toEqual(['handed over', '2 told']);
  });

  it('are not both sent if the first one fails', async () => {
    await committing.draft(draftTo(1));
    const second = committing.draft(draftTo(2));
    answers[0]!.reject(new Error('refused'));
    await expect(second).rejects.toThrow('refused');
    await expect(committing.settled()).rejects.toThrow('refused');
    expect(seen).toEqual(['1 sent']);
  });

  it.each(['the relay', 'the quarantine'])('do not wait for each other if the second waits for %s', async (whom) => {
    await committing.draft(draftTo(1));
    const { promise, resolve } = Promise.withResolvers<void>();
    const draft = draftTo(2);
    if (whom === 'the relay') room = promise;
    else {
      quarantined = promise;
      draft.quarantined.push({ record: { offset: 1n } as IncomingRecord, why: 'unreadable', silent: false });
    }
    const second = committing.draft(draft);
    await answered(0);
    expect(seen).toEqual(['1 sent', 'handed over', '1 told']);
    resolve();
    await second;
    expect(seen.at(-1)).toBe('2 sent');
  });
});
