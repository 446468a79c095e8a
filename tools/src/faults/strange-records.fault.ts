// Records on the submissions that no service sent like this: repeated, out of order, unreadable.
import { randomUUID } from 'node:crypto';
import { DEFINITION_TYPE, HEADERS, SUBMISSION_TYPES, TICK_TYPE, uuidv7 } from '@vouchers/contracts';
import { readTopics } from './evidence.ts';
import type { Fault } from './fault.ts';
import { lastFaults } from './patience.ts';
import {
  another,
  append,
  appendTicks,
  changed,
  isDefinition,
  isSubmission,
  submissions,
  type RawRecord,
} from './records.ts';
import type { Stage } from './stage.ts';

const SOME = 12;
const QUARANTINED_WITHIN_MS = 30_000;
const LARGE_BYTES = 1_000_000;

const REPEATED: Fault = {
  name: 'repeated-records',
  title:
    'submissions are sent three times with the same id, then with the same id and another body; again after a restart',
  inject: async (stage) => {
    const { load, random, services } = stage;
    const repeat = async (): Promise<void> => {
      const sent = (await submissions(stage)).filter(isSubmission);
      const some = Array.from({ length: SOME }, () => random.oneOf(sent));
      const other = some.map((record) => changed(record, { bodyHash: 'f'.repeat(64), at: new Date().toISOString() }));
      await append(stage, stage.topics.submissions, [...some, ...some, ...some, ...other]);
    };
    await repeat();
    await services.kill('ledger');
    await services.restart('ledger');
    // After a start the ledger first compares records with its tables. Go past these.
    await load.more(30);
    await repeat();
    await load.more(30);
  },
};

const OUT_OF_ORDER: Fault = {
  name: 'out-of-order',
  title: 'redemptions of claims that do not exist, and old definitions after new ones',
  inject: async (stage) => {
    const sent = await submissions(stage);
    const { load, random, topics, voucherIds } = stage;
    const claim = random.oneOf(sent.filter(({ headers }) => headers[HEADERS.type] === SUBMISSION_TYPES.claim));
    const unknown = (): string =>
      uuidv7(Date.now(), claim.partition, random.from(1, 1_000_000), random.from(1, 1_000_000));
    const redemption = another(claim, {
      kind: 'redemption',
      claimId: unknown(),
      redemptionId: unknown(),
      order: { id: 'too-early', amount: 1, currency: 'EUR' },
    });
    const headers = { ...redemption.headers, [HEADERS.type]: SUBMISSION_TYPES.redemption };
    const old = sent.filter((record) => isDefinition(record) && voucherIds.includes(record.key!));
    await append(stage, topics.submissions, [{ ...redemption, headers }, ...old, ...old]);
    await load.more(20);
  },
};

/** Records that must each end in the quarantine unchanged. */
function poison(voucherId: string, partition: number): RawRecord[] {
  const record = (type: string, value: RawRecord['value'], key: RawRecord['key'] = voucherId): RawRecord => ({
    partition,
    key,
    value,
    headers: { [HEADERS.type]: type, [HEADERS.id]: randomUUID(), [HEADERS.submissionId]: randomUUID() },
  });
  const { claim, redemption } = SUBMISSION_TYPES;
  return [
    record(claim, '{"kind":"claim",'),
    record(claim, null),
    record(claim, ''),
    record(claim, 'null'),
    record(claim, '[]'),
    record(claim, Buffer.from([0x22, 0xff, 0xfe, 0xc3, 0x28, 0x22])),
    record(claim, `{"kind":"claim","x":"${'x'.repeat(LARGE_BYTES)}"}`),
    record(claim, `{"__proto__":{"kind":"claim","voucherId":"${voucherId}"},"constructor":{"prototype":{}}}`),
    record(claim, '['.repeat(50_000)),
    record(redemption, JSON.stringify({ kind: 'claim', voucherId })),
    record('voucher.unheard-of.v1', '{}'),
    record('__proto__', '{}'),
    record(TICK_TYPE, '{"at":"yesterday"}', ''),
    record(DEFINITION_TYPE, JSON.stringify({ voucherId, version: 0, intent: 'published', team: 'x', spec: {} })),
    record(DEFINITION_TYPE, JSON.stringify({ voucherId: randomUUID(), version: 1 }), randomUUID()),
    { partition, key: null, value: Buffer.from([0]), headers: {} },
  ];
}

const POISON: Fault = {
  name: 'poison',
  title:
    'bad JSON, null, 1 MB, unknown types, __proto__, bad UTF-8, 50,000 levels: each is in the quarantine unchanged',
  inject: async (stage) => {
    const { load, topics } = stage;
    const [first] = (await submissions(stage)).filter(({ key }) => stage.voucherIds.includes(key!));
    const records = poison(first!.key!, first!.partition);
    const offsets = await append(stage, topics.submissions, records);
    await load.more(30);
    return unquarantined(stage, records, offsets);
  },
};

function unquarantined(stage: Stage, records: readonly RawRecord[], offsets: number[]): Promise<string[]> {
  return lastFaults(QUARANTINED_WITHIN_MS, async () => {
    const { quarantine } = await readTopics(stage.brokers, stage.topics, ['quarantine']);
    const kept = new Map(quarantine.map((record) => [Number(record.headers['quarantine_offset']), record]));
    return offsets.flatMap((offset, index) => {
      const { value, headers } = records[index]!;
      const bytes = value === null ? null : Buffer.from(value);
      const same = bytes === null ? kept.get(offset)?.bytes === null : kept.get(offset)?.bytes?.equals(bytes);
      return same ? [] : [`I7: ${headers[HEADERS.type]} (${index}) is not in the quarantine as it was`];
    });
  });
}

const TICKS: Fault = {
  name: 'former-owner-ticks',
  title: 'a former owner still appends ticks: late, early, an hour off',
  inject: async (stage) => {
    for (let time = 0; time < 5; time += 1) {
      await appendTicks(stage, -3_600_000, -10_000, -2_000, 0, 3_600_000);
      await stage.load.more(10);
    }
  },
};

export const STRANGE_RECORDS: readonly Fault[] = [REPEATED, OUT_OF_ORDER, POISON, TICKS];
