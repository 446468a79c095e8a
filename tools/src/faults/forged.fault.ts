// Records with a missing or wrong signature among good traffic. None of them changes anything.
import { randomUUID } from 'node:crypto';
import { DEFINITION_TYPE, HEADERS, SUBMISSION_TYPES, TICK_TYPE, type EventData } from '@vouchers/contracts';
import { Signer } from '@vouchers/contracts/signatures';
import { readTopics, type TopicRecord } from './evidence.ts';
import type { Fault } from './fault.ts';
import { SPECS } from './load.ts';
import { lastFaults } from './patience.ts';
import {
  another,
  append,
  appendAsTheyAre,
  changed,
  claimsOf,
  isDefinition,
  submissions,
  type RawRecord,
} from './records.ts';
import type { Stage } from './stage.ts';

const QUARANTINED_WITHIN_MS = 30_000;
const STRANGER = new Signer([{ id: 'faults', secret: Buffer.alloc(32, 'stranger') }]);
/** The user of claims that must never be decided. */
const MALLORY = 'mallory';
const TERMINATED = { version: 1_000, intent: 'terminated' };

type Change = (record: RawRecord) => RawRecord;

const unsigned = <R extends RawRecord>({ headers, ...record }: R) => {
  const { [HEADERS.signature]: _, ...rest } = headers;
  return { ...record, headers: rest } as unknown as R;
};
const signedFor =
  (signer: Signer, topic: string): Change =>
  (record) => ({ ...record, headers: signer.signed(record.headers, { ...record, topic }) });
const withType =
  (type: string): Change =>
  (record) => ({ ...record, headers: { ...record.headers, [HEADERS.type]: type } });

/** Records that nobody signed, or somebody else, or that were signed for another place. */
function forgeries(stage: Stage, sent: readonly TopicRecord[], claims: readonly RawRecord[]): RawRecord[] {
  const { random, voucherIds, topics, signer } = stage;
  const ours = sent.filter(({ key }) => voucherIds.includes(key!));
  const claim = random.oneOf(ours.filter(({ headers }) => headers[HEADERS.type] === SUBMISSION_TYPES.claim));
  const definition = unsigned(random.oneOf(ours.filter(isDefinition)));
  const elsewhere = (record: RawRecord): RawRecord => ({ ...record, key: voucherIds.find((id) => id !== record.key)! });
  const signed = claims.map(signedFor(signer, topics.submissions));
  const tick = { ...definition, key: '', value: JSON.stringify({ at: new Date().toISOString() }) };
  const ofMallory = (record: RawRecord): RawRecord => {
    const value = JSON.parse(String(record.value)) as object;
    return { ...record, value: JSON.stringify({ ...value, userId: MALLORY }) };
  };
  return [
    ...claims,
    unsigned(another(claim, { userId: MALLORY, at: new Date().toISOString() })),
    changed(definition, TERMINATED),
    withType(TICK_TYPE)(tick),
    ...claims.map(signedFor(STRANGER, topics.submissions)),
    ...claims.map(signedFor(signer, topics.definitions)),
    ...signed.map(withType(SUBMISSION_TYPES.lock)),
    ...signed.map(ofMallory),
    ...signed.map(elsewhere),
    // Replays of a record that was decided: under another voucher, and as another type.
    elsewhere(claim),
    withType(DEFINITION_TYPE)(claim),
  ];
}

/** @returns the records that are not in the quarantine with a reason that names their signature */
function unquarantined(stage: Stage, records: readonly RawRecord[], offsets: readonly number[]): Promise<string[]> {
  const places = records.map(({ partition }, index) => `${partition}:${offsets[index]}`);
  return lastFaults(QUARANTINED_WITHIN_MS, async () => {
    const { quarantine } = await readTopics(stage.brokers, stage.topics, ['quarantine']);
    const reasons = new Map(
      quarantine.map(({ headers }) => [
        `${headers['quarantine_partition']}:${headers['quarantine_offset']}`,
        headers['quarantine_reason'],
      ]),
    );
    return places
      .filter((place) => !reasons.get(place)?.includes('signature'))
      .map((place) => `forged: ${place} is not in the quarantine for its signature, but: ${reasons.get(place)}`);
  });
}

/** page-delivery reads a forged end and a forged deletion of a voucher. Claims of it must go on. */
async function forgedDefinition(stage: Stage): Promise<string[]> {
  const [voucher] = await stage.publish({ ...SPECS[1]!, name: 'to be forged' });
  const { id } = voucher!;
  const { definitions } = await readTopics(stage.brokers, stage.topics, ['definitions']);
  const record = unsigned(definitions.find(({ key }) => key === id)!);
  await appendAsTheyAre(stage, stage.topics.definitions, [changed(record, TERMINATED), { ...record, value: null }]);
  await stage.load.more(10);
  const claim = { service: 'page-delivery', method: 'POST', path: `/v1/vouchers/${id}/claims` } as const;
  const { status } = await stage.settle({ ...claim, userId: 'after-forgery', key: id });
  return status === 201 ? [] : [`forged: a claim after a forged definition was answered ${status}`];
}

/** @returns faults unless these claims are decided, and none that is forged */
function undecided(stage: Stage, claims: readonly RawRecord[]): Promise<string[]> {
  const ids = claims.map(({ headers }) => headers[HEADERS.submissionId]!);
  return lastFaults(stage.healsWithinMs, async () => {
    const { outcomes } = await readTopics(stage.brokers, stage.topics, ['outcomes']);
    const decided = new Map(outcomes.map(({ headers, value }) => [headers[HEADERS.submissionId], value!]));
    return [
      ...outcomes
        .filter(({ value }) => value!.includes(`"${MALLORY}"`))
        .map(({ headers }) => `forged: ${headers[HEADERS.submissionId]} was decided`),
      ...ids
        .filter((id) => !decided.has(id) || (JSON.parse(decided.get(id)!) as EventData).reason === 'unreadable')
        .map((id) => `forged: the real ${id} was not decided, but: ${decided.get(id)}`),
    ];
  });
}

export const FORGED_RECORDS: Fault = {
  name: 'forged-records',
  title:
    'records without a signature, or with that of another key, topic, voucher, type or value: nothing is decided, and the real ones are',
  inject: async (stage) => {
    const { load, topics } = stage;
    const sent = await submissions(stage);
    const users = [`real-${randomUUID()}`, `real-${randomUUID()}`];
    const claims = (await claimsOf(stage, users, sent)).map(unsigned);
    const forged = forgeries(stage, sent, claims);
    const offsets = await appendAsTheyAre(stage, topics.submissions, forged);
    await load.more(20);
    const lost = await unquarantined(stage, forged, offsets);
    // The same submissions with a right signature are decided as if nothing had been.
    await append(stage, topics.submissions, claims);
    const definition = await forgedDefinition(stage);
    await load.more(20);
    return [...lost, ...definition, ...(await undecided(stage, claims))];
  },
};
