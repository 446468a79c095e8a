// Counts who is taken off a waiting list, page by page, since they may be more than fit memory.
import type { ContextReader } from '@vouchers/event-store';
import { isAhead, SLICE, takenOffOf, type EntryRecord, type TakenOff } from '@vouchers/voucher';
import type { KnownVoucher } from './known.voucher.ts';
import type { PartitionKnowledge } from './partition.knowledge.ts';
import { entryRecord, newestEntries } from './projection.rows.ts';

interface Sources {
  readonly partition: number;
  readonly knowledge: PartitionKnowledge;
  readonly reader: ContextReader;
}

/** Has the voucher know the answer. */
export async function countTakenOff(voucher: KnownVoucher, asked: TakenOff, sources: Sources): Promise<void> {
  const { state } = voucher;
  let count = 0;
  for (let after: EntryRecord | undefined = asked.after; after !== undefined;) {
    const { entries, last } = await waitingBehind(voucher, after, sources);
    const claims = await claimsOf(voucher, entries, sources);
    const taken = takenOffOf(entries, { ...asked, after }, (userId) => claims.get(userId) ?? 0);
    count += taken;
    after = taken < entries.length ? undefined : last;
  }
  voucher.counted = { ...asked, state, count };
}

/** A page of those that wait behind this entry, in order. `last`: the last of it if Postgres may have more. */
async function waitingBehind(
  voucher: KnownVoucher,
  after: EntryRecord,
  { partition, knowledge, reader }: Sources,
): Promise<{ entries: EntryRecord[]; last: EntryRecord | undefined }> {
  const unwritten = knowledge.unwrittenEntries(voucher);
  const rows = await reader.waiting(partition, voucher.voucherId, SLICE, after);
  const last = rows.length < SLICE ? undefined : entryRecord(rows.at(-1)!);
  const entries = newestEntries(rows, unwritten)
    .filter((entry) => entry.state === 'waiting' && isAhead(after, entry) && !(last && isAhead(last, entry)))
    .sort((one, other) => (isAhead(one, other) ? -1 : 1));
  return { entries, last };
}

/** The claims that these users have, by user. */
async function claimsOf(
  voucher: KnownVoucher,
  entries: readonly EntryRecord[],
  { partition, reader }: Sources,
): Promise<Map<string, number>> {
  const { voucherId } = voucher;
  const known = entries.map(({ userId }) => ({ userId, user: voucher.user(userId) }));
  const unknown = known.filter(({ user }) => !user).map(({ userId }) => ({ voucherId, userId }));
  const rows = unknown.length === 0 ? [] : await reader.users(partition, unknown);
  return new Map([
    ...known.map(({ userId, user }) => [userId, user?.claims ?? 0] as const),
    ...rows.map(({ userId, claims }) => [userId, claims] as const),
  ]);
}
