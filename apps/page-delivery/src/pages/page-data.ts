// Computes the modules that a page shows to one user at one time, by pure functions of the vouchers' states and the
// user's claims and pushes.
import type {
  Claim,
  Entry,
  GoodsShown,
  ModuleState,
  Page,
  PageData,
  PageModule,
  Reason,
  VoucherSpec,
} from '@vouchers/contracts';
import {
  claimAt,
  claimShown,
  entryRecordOf,
  entryShown,
  freeUnits,
  isExtensible,
  isListClosed,
  judgeClaim,
  judgeJoin,
  phaseOf,
  statusOf,
  voucherAt,
  type VoucherState,
} from '@vouchers/voucher';
import { isAmong } from '@vouchers/service/thread';
import type { UserVoucher } from '../read-model/holdings.ts';
import { claimRecordOf } from '../wallet/claim-record.ts';

/** The user who views the page, and the time of the view. */
export interface Visitor {
  userId: string;
  attributes: Parameters<typeof judgeClaim>[1]['attributes'];
  /** Unix milliseconds. */
  now: number;
  /** A time that a service sends. It counts only for vouchers of the service's team with `clock: "submissions"`. */
  occurredAt?: { at: number; team: string };
}

/** The time that counts for a voucher. */
export function timeFor(
  { definition }: VoucherState,
  { now, occurredAt }: Pick<Visitor, 'now' | 'occurredAt'>,
): number {
  const counts = definition.spec.clock === 'submissions' && definition.team === occurredAt?.team;
  return counts ? occurredAt.at : now;
}

/** Whether the voucher's team lets it stand on this page. */
export const standsOn = ({ definition }: VoucherState, page: Pick<Page, 'team'>): boolean =>
  isAmong(definition.spec.placements, page.team);

/** The part of a module that has to be judged: a voucher's state for one user. */
export interface Standing {
  state: ModuleState;
  reason?: Reason;
  claim?: Claim;
  entry?: Entry;
  lapsed?: string;
  waitingList?: { open: boolean };
  extension?: { open: boolean };
}

/** Undefined if the voucher is not shown to this user. */
export function standingOf(
  stored: VoucherState,
  has: UserVoucher,
  visitor: Visitor,
  slug: string,
): Standing | undefined {
  const at = timeFor(stored, visitor);
  const voucher = voucherAt(stored, at);
  const own = ownClaim(has.claim, at);
  const status = statusOf(voucher);
  const entry = liveEntry(has, at);
  const waits = entry !== undefined && status === 'paused';
  if ((status === 'draft' || status === 'paused' || status === 'terminated') && !own && !waits) return undefined;
  const { userId: id, attributes } = visitor;
  const user = { id, attributes, claims: has.claims, entry: entry && entryRecordOf(entry) };
  const judgement = judgeClaim(voucher, user, at, slug);
  const isGranted = judgement.verdict === 'granted';
  const state =
    entry?.state === 'offered' && isGranted
      ? 'offered'
      : (ownState(own, has, voucher) ?? (waits ? 'waiting' : offeredState(voucher, { ...has, entry }, at, isGranted)));
  return {
    state,
    reason: judgement.reason,
    claim: state === 'claimed' || state === 'locked' || state === 'redeemed' ? own : undefined,
    ...(entry && { entry: entryShown(entry, isListClosed(voucher, at)) }),
    ...(!entry && !own && lapsedAt(has)),
    ...(voucher.definition.spec.waitingList && {
      waitingList: { open: judgeJoin(voucher, user, at, slug).verdict === 'granted' },
    }),
    ...(voucher.definition.spec.extension &&
      (state === 'claimed' || state === 'locked') && {
        extension: { open: isExtensible(voucher, claimRecordOf(own!), at, entry?.state === 'waiting') },
      }),
  };
}

/** The user's entry, unless its offer has lapsed, also if that is not recorded yet. */
const liveEntry = ({ entry }: UserVoucher, at: number): UserVoucher['entry'] =>
  entry?.state === 'lapsed' || (entry?.offer && Date.parse(entry.offer.until) <= at) ? undefined : entry;

/** The end of an offer that lapsed. An entry that is over has no offer, but ended with it. @param has without a live entry */
function lapsedAt({ entry }: UserVoucher): Pick<Standing, 'lapsed'> | undefined {
  const lapsed = entry?.state === 'lapsed' ? entry.endedAt : entry?.offer?.until;
  return lapsed === undefined ? undefined : { lapsed };
}

export function moduleOf(
  { voucherId, definition }: VoucherState,
  { state, reason, claim, entry, lapsed, waitingList, extension }: Standing,
  goods?: GoodsShown,
): PageModule {
  const { spec, version } = definition;
  return {
    voucherId,
    version,
    name: spec.name,
    resourceType: spec.resourceType,
    benefit: spec.benefit,
    state,
    reason,
    claim,
    windows: spec.windows,
    operations: spec.operations,
    ...(spec.description !== '' && { description: spec.description }),
    ...minimumOf(spec),
    ...(goods && { goods }),
    entry,
    lapsed,
    waitingList,
    extension,
  };
}

/** A clause of the use rule that a customer has to know: `order.amount >= 10000`, beside other clauses. */
const MINIMUM = /(?:^|&&)\s*order\.amount\s*>=\s*(\d{1,15})\s*(?:$|&&)/;

/** The least amount of an order. It has a unit only if the benefit has a currency. */
export function minimumOf({ benefit, nodes }: VoucherSpec): Pick<PageModule, 'minimum'> {
  const { when } = nodes.use;
  if (!benefit || !('currency' in benefit) || !benefit.currency || when.includes('||')) return {};
  const least = Number(MINIMUM.exec(when)?.[1]);
  return least >= 1 ? { minimum: least } : {};
}

/** The user's claim as it is at that time, also if its change is due but not recorded yet. */
function ownClaim(claim: Claim | undefined, at: number): Claim | undefined {
  if (!claim || claim.state === 'redeemed') return claim;
  const now = claimShown(claimAt(claimRecordOf(claim), at));
  return now.state === 'held' || now.state === 'locked' || now.state === 'redeemed' ? now : undefined;
}

function ownState(own: Claim | undefined, { claims }: UserVoucher, voucher: VoucherState): ModuleState | undefined {
  if (own?.state === 'held') return 'claimed';
  if (own?.state === 'locked') return 'locked';
  if (own?.state !== 'redeemed') return undefined;
  const { perUser } = voucher.definition.spec.nodes.claim;
  const offered = statusOf(voucher) === 'published' || statusOf(voucher) === 'enabled';
  return !offered || (perUser !== null && claims >= perUser) ? 'redeemed' : undefined;
}

function offeredState(
  voucher: VoucherState,
  { pushed, entry }: UserVoucher,
  at: number,
  eligible: boolean,
): ModuleState {
  const phase = phaseOf(voucher, at);
  if (phase !== 'open') return phase;
  // One who is offered a unit but may not claim it is not eligible, however many units are free.
  if (freeUnits(voucher) === 0 && entry?.state !== 'offered') return entry ? 'waiting' : 'sold-out';
  const { push } = voucher.definition.spec.quantities;
  const pushable = pushed || push === null || voucher.counters.pushed < push;
  return eligible && pushable ? 'claimable' : 'not-eligible';
}

/** The pop-up of the first module that has one: `on-load` always, `on-claim` only if the voucher is claimable. */
export function popupOf(modules: readonly PageModule[]): PageData['popup'] {
  for (const { voucherId, state, operations } of modules) {
    const { trigger, title = '', text = '' } = operations.popup ?? { trigger: 'none' as const };
    if (trigger === 'on-load' || (trigger === 'on-claim' && (state === 'claimable' || state === 'offered')))
      return { voucherId, trigger, title, text };
  }
  return null;
}
