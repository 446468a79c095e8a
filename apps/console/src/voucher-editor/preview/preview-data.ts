// Makes the widget's data for the preview: a page with the unsaved spec as its only module, in any state.
import {
  WAITING_LIST_DEFAULTS,
  type Entry,
  type ModuleState,
  type PageData,
  type VoucherSpec,
} from '@vouchers/contracts';
import { after } from '../windows/wall-time.ts';

export const PREVIEW_STATES = [
  'claimable',
  'claimed',
  'locked',
  'redeemed',
  'not-started',
  'ended',
  'sold-out',
  'waiting',
  'offered',
  'not-eligible',
  'loading',
  'pending',
  'offline',
  'signed-out',
  'error',
] as const;
export type PreviewState = (typeof PREVIEW_STATES)[number];

const VOUCHER = '00000000-0000-7000-8000-000000000000';
const CLAIM_STATES: Partial<Record<PreviewState, 'held' | 'locked' | 'redeemed'>> = {
  claimed: 'held',
  locked: 'locked',
  redeemed: 'redeemed',
};

/** @param popup true to show the pop-up too, if there is one */
export function previewData(spec: VoucherSpec, state: PreviewState, now: string, popup: boolean): PageData {
  const { name, description, resourceType, benefit, windows, operations } = spec;
  const claim = claimOf(spec, state, now);
  const entry = entryOf(spec, state, now);
  const { trigger = 'none', title, text } = operations.popup ?? {};
  return {
    slug: 'preview',
    title: name,
    modules: [
      {
        voucherId: VOUCHER,
        version: 1,
        name,
        resourceType,
        ...(benefit && { benefit }),
        state: state as ModuleState,
        ...(claim && { claim }),
        ...(claim?.state === 'held' && spec.extension && { extension: { open: true } }),
        ...(entry && { entry }),
        ...(spec.waitingList && { waitingList: { open: state === 'sold-out' } }),
        windows,
        operations,
        ...(description && { description }),
      },
    ],
    popup: popup && trigger !== 'none' ? { voucherId: VOUCHER, trigger, title: title ?? '', text: text ?? '' } : null,
  };
}

function claimOf({ windows }: VoucherSpec, state: PreviewState, now: string): PageData['modules'][number]['claim'] {
  const claimState = CLAIM_STATES[state];
  if (!claimState) return undefined;
  return {
    id: VOUCHER,
    voucherId: VOUCHER,
    voucherVersion: 1,
    userId: 'preview',
    state: claimState,
    uses: claimState === 'redeemed' ? 1 : 0,
    heldAt: now,
    ...usableTimes(windows, now),
    ...(claimState === 'locked' && {
      lock: { orderId: 'order', until: new Date(Date.parse(now) + 600_000).toISOString() },
    }),
  };
}

function entryOf({ waitingList, windows }: VoucherSpec, state: PreviewState, now: string): Entry | undefined {
  if (state !== 'waiting' && state !== 'offered') return undefined;
  const until = after(now, windows.timeZone, waitingList?.offerFor ?? WAITING_LIST_DEFAULTS.offerFor) ?? now;
  return {
    id: VOUCHER,
    voucherId: VOUCHER,
    voucherVersion: 1,
    userId: 'preview',
    state,
    joinedAt: now,
    ...(state === 'waiting' ? { ahead: 12 } : { offer: { at: now, until } }),
  };
}

/** The `useFrom` and `useUntil` of a claim that is made at that time. */
export function usableTimes(
  { use, valid, timeZone }: VoucherSpec['windows'],
  at: string,
): { useFrom: string; useUntil: string } {
  if ('from' in use) return { useFrom: use.from, useUntil: use.to };
  const start = after(at, timeZone, use.afterClaim.delay) ?? at;
  const end = after(start, timeZone, use.afterClaim.length) ?? valid.to;
  return { useFrom: start > valid.from ? start : valid.from, useUntil: end < valid.to ? end : valid.to };
}
