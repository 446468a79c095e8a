// Checks the invariants of reliability.md against the evidence. Pure: the same evidence gives the same result.
import { isDeepStrictEqual } from 'node:util';
import { DEFINITION_TYPE, eventId, HEADERS, SUBMISSION_TYPES, TICK_TYPE, type Definition } from '@vouchers/contracts';
import { isSettled, UNANSWERED_MS, type AuditedRequest, type Answer } from './account.ts';
import type { Evidence, LedgerEvent, TopicRecord } from './evidence.ts';
import { Units } from './units.ts';

/** An invariant that does not hold. */
export interface Violation {
  /** `I1` … `I11`. */
  readonly invariant: string;
  readonly what: string;
}

type Check = (evidence: Evidence, found: Found) => string[];

/** Indexes of the evidence that several invariants use. */
interface Found {
  readonly decisions: ReadonlyMap<string, readonly LedgerEvent[]>;
  readonly quarantined: ReadonlySet<string>;
  /** Outcomes without their duplicates, in topic order. */
  readonly outcomes: readonly TopicRecord[];
}

/** The counters that the ledger does not store while they are 0. */
const NOTHING_COUNTED = {
  ...{ waiting: 0, joined: 0, claimedFromOffer: 0, lapsed: 0, left: 0, extended: 0 },
  ...{ discounted: {}, reserved: { uses: 0, discount: {} } },
};
const SUBMISSIONS = new Set<string>(Object.values(SUBMISSION_TYPES));
const place = (partition: number | string, offset: number | string): string => `${partition}:${offset}`;
const version = (voucherId: string, of: number): string => `${voucherId} version ${of}`;
const submissionIdOf = ({ headers }: TopicRecord): string | undefined => headers[HEADERS.submissionId];

const CHECKS: Readonly<Record<string, Check>> = {
  I1: ({ events }) => unitsOf(events).faults,

  I2: ({ requests, untrue }, { decisions }) => [
    ...untrue,
    ...requests.flatMap((one) =>
      one.answers.flatMap((answer) => {
        const what = `${described(one)} was answered ${answer.status}`;
        // Clients only ask for their own claims, and a service must know why it fails.
        if (answer.status === 404 || answer.status === 500) return [what];
        if (answer.submissionId === undefined) return [];
        const found = decisions.get(answer.submissionId) ?? [];
        if (found.length > 1) return [`${what}, and has ${found.length} decisions`];
        if (found.length === 0) return answer.status === 503 ? [] : [`${what}, and has no decision`];
        return contradiction(answer, found[0]!)
          ? [`${what} ${answer.body?.reason ?? ''}, decided was ${shown(found[0]!)}`]
          : [];
      }),
    ),
  ],

  I3: ({ events, submissions }) => {
    const sent = new Set(submissions.map(submissionIdOf));
    const defined = new Set(definitionsIn(submissions).map(({ voucherId, version: of }) => version(voucherId, of)));
    return events
      .filter(({ submissionId, data: { definition } }) =>
        definition
          ? !defined.has(version(definition.voucherId, definition.version))
          : submissionId !== null && !sent.has(submissionId),
      )
      .map((event) => `${shown(event)} has no record in the submissions`);
  },

  I4: ({ events, outcomes, restored }) => {
    if (restored) return ofRestored(events, outcomes);
    const faults: string[] = [];
    const published = new Map<string, TopicRecord>();
    for (const record of outcomes) {
      const id = record.headers[HEADERS.id]!;
      const first = published.get(id);
      if (!first) published.set(id, record);
      else if (first.value !== record.value || !isDeepStrictEqual(first.headers, record.headers))
        faults.push(`event ${id} was published twice, and differently`);
    }
    for (const event of events) {
      const id = eventId(event.decidedAt, event.partition, event.seq);
      const record = published.get(id);
      if (!record) faults.push(`${shown(event)} was never published`);
      else if (record.value !== publishedText(event)) faults.push(`${shown(event)} was published with other bytes`);
      published.delete(id);
    }
    for (const { headers } of published.values())
      faults.push(`published was ${headers[HEADERS.partition]}:${headers[HEADERS.sequence]}, which is not an event`);
    return faults;
  },

  I5: ({ configured }, { outcomes }) => {
    const faults: string[] = [];
    const seqs = new Map<number, number>();
    const versions = new Map<string, number>();
    for (const { partition, headers, value } of outcomes) {
      const [seq, before] = [Number(headers[HEADERS.sequence]), seqs.get(partition) ?? 0];
      if (seq !== before + 1) faults.push(`${place(partition, before)} is followed by ${place(partition, seq)}`);
      seqs.set(partition, seq);
      if (headers[HEADERS.type] !== 'voucher.defined.v1') continue;
      const { definition } = JSON.parse(value!) as { definition: Definition };
      const last = versions.get(definition.voucherId) ?? 0;
      if (definition.version !== last + 1)
        faults.push(`${definition.voucherId}: version ${last}, then ${definition.version}`);
      versions.set(definition.voucherId, definition.version);
    }
    for (const { voucherId, version: newest } of configured)
      if (versions.get(voucherId) !== newest)
        faults.push(`${voucherId}: config has version ${newest}, the outcomes ${versions.get(voucherId) ?? 'none'}`);
    return faults;
  },

  I6: ({ differences }) => [...differences],

  I7: ({ submissions, events, cursors, regressions }, found) => {
    const defined = new Map<string, number>();
    for (const { data } of events)
      if (data.definition)
        defined.set(
          data.definition.voucherId,
          Math.max(data.definition.version, defined.get(data.definition.voucherId) ?? 0),
        );
    const undecided = submissions.filter((record) => !isDone(record, defined, found));
    return [
      ...undecided.map(
        (record) =>
          `record ${place(record.partition, record.offset)} (${record.headers[HEADERS.type]}) has no decision`,
      ),
      ...cursors
        .filter(({ next, end }) => next > end)
        .map(({ partition }) => `the cursor of ${partition} is past the end`),
      ...regressions,
    ];
  },

  I8: ({ requests, cursors, unready }) => [
    ...unready,
    ...cursors
      .filter(({ next, wanted }) => next < wanted)
      .map(({ partition, next, wanted }) => `partition ${partition} stands at ${next}, not at ${wanted}`),
    ...requests
      .filter(({ answers }) => answers.some(({ status, tookMs }) => status === 0 && tookMs >= UNANSWERED_MS))
      .map((one) => `${described(one)} had no answer, not even an error, within ${UNANSWERED_MS / 1_000} s`),
    ...requests
      .filter(({ service, answers }) => service === 'page-delivery' && !answers.some(isSettled))
      .map((one) => `${described(one)} was never decided: ${statuses(one)}`),
  ],

  I9: ({ requests, unrepeated }) => [
    ...unrepeated.map((one) => `${described(one)} was decided, but not when it was repeated: ${statuses(one)}`),
    ...requests.flatMap((one) => {
      const different = new Set(one.answers.filter(isSettled).map(lasting));
      return different.size > 1 ? [`${described(one)} was answered ${[...different].join(' and ')}`] : [];
    }),
  ],

  I10: ({ events, vouchers }) => {
    const { units } = unitsOf(events);
    return vouchers.flatMap(({ voucherId, free, counters }) => {
      const own = units.get(voucherId);
      if (!own) return [`${voucherId} has no events`];
      const wanted = own.projection();
      const projected = { ...NOTHING_COUNTED, ...counters, free };
      return isDeepStrictEqual(wanted, projected)
        ? []
        : [`${voucherId} counts ${JSON.stringify(projected)}, its events ${JSON.stringify(wanted)}`];
    });
  },

  I11: ({ events }) => unitsOf(events).passedOver,
};

/** All violations, in the order of the invariants. */
export function violations(evidence: Evidence): Violation[] {
  const decisions = new Map<string, LedgerEvent[]>();
  for (const event of evidence.events) {
    if (event.submissionId === null) continue;
    const known = decisions.get(event.submissionId);
    if (known) known.push(event);
    else decisions.set(event.submissionId, [event]);
  }
  const ids = new Set<string>();
  const { restored } = evidence;
  const idOf = ({ headers }: TopicRecord): string =>
    restored ? place(headers[HEADERS.partition]!, headers[HEADERS.sequence]!) : headers[HEADERS.id]!;
  const found: Found = {
    decisions,
    quarantined: new Set(
      evidence.quarantine.map(({ headers }) => place(headers['quarantine_partition']!, headers['quarantine_offset']!)),
    ),
    outcomes: evidence.outcomes.filter((record) => ids.size < ids.add(idOf(record)).size),
  };
  return Object.entries(CHECKS).flatMap(([invariant, check]) =>
    check(evidence, found).map((what) => ({ invariant, what })),
  );
}

/** The text that must be published for a stored event: its identity, then its data. */
function publishedText({ voucherId, type, partition, seq, text }: LedgerEvent): string {
  const identity = JSON.stringify({ voucherId, type, partition, sequence: seq });
  return `${identity.slice(0, -1)},${text.slice(1)}`;
}

/** For a restored Postgres: repeated decisions must be the same except for their time. */
function ofRestored(events: readonly LedgerEvent[], outcomes: readonly TopicRecord[]): string[] {
  const timeless = (text: string): object => ({ ...(JSON.parse(text) as object), decidedAt: undefined });
  const stored = new Map(events.map((event) => [place(event.partition, event.seq), event]));
  const published = new Set<string>();
  const faults = outcomes.flatMap(({ headers, value }) => {
    const at = place(headers[HEADERS.partition]!, headers[HEADERS.sequence]!);
    const event = stored.get(at);
    published.add(at);
    if (!event) return [`published was ${at}, which is not an event`];
    return isDeepStrictEqual(timeless(publishedText(event)), timeless(value!))
      ? []
      : [`${shown(event)} was decided otherwise before`];
  });
  return [
    ...faults,
    ...events
      .filter(({ partition, seq }) => !published.has(place(partition, seq)))
      .map((event) => `${shown(event)} was never published`),
  ];
}

function unitsOf(events: readonly LedgerEvent[]): {
  units: Map<string, Units>;
  faults: string[];
  passedOver: string[];
} {
  const units = new Map<string, Units>();
  const faults: string[] = [];
  for (const event of events) {
    let own = units.get(event.voucherId);
    if (!own) units.set(event.voucherId, (own = new Units()));
    faults.push(...own.take(event).map((what) => `at ${shown(event)}: ${what}`));
  }
  return { units, faults, passedOver: [...units.values()].flatMap(({ passedOver }) => passedOver) };
}

function definitionsIn(submissions: readonly TopicRecord[]): Definition[] {
  return submissions.flatMap(({ headers, value }) => {
    if (headers[HEADERS.type] !== DEFINITION_TYPE || value === null) return [];
    try {
      return JSON.parse(value) as Definition;
    } catch {
      return [];
    }
  });
}

function isDone(record: TopicRecord, defined: ReadonlyMap<string, number>, { decisions, quarantined }: Found): boolean {
  if (quarantined.has(place(record.partition, record.offset))) return true;
  const type = record.headers[HEADERS.type] ?? '';
  if (type === TICK_TYPE || type === SUBMISSION_TYPES.push) return true;
  if (SUBMISSIONS.has(type)) return decisions.has(submissionIdOf(record) ?? '');
  return definitionsIn([record]).some(({ voucherId, version: of }) => (defined.get(voucherId) ?? 0) >= of);
}

/** Whether the answer contradicts the decision. */
function contradiction({ status, body }: Answer, { data }: LedgerEvent): boolean {
  if (status === 409) return data.reason !== body?.reason;
  if (status === 201)
    return data.reason !== undefined || (data.redemption?.id ?? data.claim?.id ?? data.entry?.id) !== body?.id;
  return status === 200 && data.reason !== undefined;
}

/** The parts of an answer that never change: status, reason, ids. */
const lasting = ({ status, body, submissionId }: Answer): string =>
  [status, body?.reason, status < 300 && body?.id, submissionId].filter(Boolean).join(' ');
/** The first and the last answers. */
const statuses = ({ answers: all }: AuditedRequest): string =>
  [...all.slice(0, 3), ...all.slice(3).slice(-3)]
    .map(({ status, submissionId }) => `${status} ${submissionId}`)
    .join(', ');
const described = ({ method, path, key }: AuditedRequest): string => `${method} ${path} (${key ?? 'no key'})`;
const shown = ({ partition, seq, type, data }: LedgerEvent): string =>
  `${place(partition, seq)} ${type}${data.reason === undefined ? '' : ` ${data.reason}`}`;
