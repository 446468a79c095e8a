import { CLAIM } from './claim.schema.ts';
import { ENTRY } from './entry.schema.ts';
import { REASON } from './event.schema.ts';
import {
  ACTORS_NAME,
  anyOf,
  arrayOf,
  choice,
  closed,
  FLAG,
  ID,
  judged,
  maybe,
  named,
  record,
  SLUG,
  text,
  TIME,
  UNAVAILABLE,
  whole,
  withFields,
  type Schema,
  type TypeOf,
} from './schema.ts';
import { BENEFIT, OPERATIONS, RESOURCE_TYPE, TITLE, WINDOWS } from './voucher.schema.ts';

export const PAGE = named(
  'Page',
  record({
    slug: SLUG,
    title: text(200),
    voucherIds: arrayOf(ID, 1_000),
    version: whole(1),
    team: text(),
    updatedAt: TIME,
    updatedBy: text(),
    updatedByName: maybe({ ...ACTORS_NAME, description: 'only in answers of config' }),
  }),
);
/** A record on voucher.pages.v1. Its key is the slug. */
export interface Page extends TypeOf<typeof PAGE> {}

/** The body of `PUT /v1/pages/{slug}`. config itself names the ids that are unknown or there twice. */
export const PAGE_INPUT = named(
  'PageInput',
  closed(
    record({
      title: judged(text(200, 1), { minLength: 0, format: TITLE.format }),
      voucherIds: judged({ ...arrayOf(ID, 1_000), uniqueItems: true }, { ...arrayOf(text()), uniqueItems: false }),
    }),
  ),
);
export interface PageInput extends TypeOf<typeof PAGE_INPUT> {}

const MODULE_STATE = choice(
  'offered',
  'claimed',
  'locked',
  'redeemed',
  'ended',
  'not-started',
  'sold-out',
  'waiting',
  'not-eligible',
  'claimable',
);
export type ModuleState = TypeOf<typeof MODULE_STATE>;

const GOODS_SHOWN = named(
  'GoodsShown',
  record({ count: whole(1), names: { ...arrayOf(text(200)), description: 'of the first of them' } }),
  'The goods that a voucher is for',
);
export interface GoodsShown extends TypeOf<typeof GOODS_SHOWN> {}

export const PAGE_MODULE = named(
  'PageModule',
  record({
    voucherId: ID,
    version: whole(1),
    name: text(200),
    resourceType: RESOURCE_TYPE,
    benefit: maybe(BENEFIT),
    state: MODULE_STATE,
    reason: maybe({ ...REASON, description: 'the one that a claim would get' }),
    claim: maybe(CLAIM),
    windows: WINDOWS,
    operations: OPERATIONS,
    description: maybe(text(4_000)),
    minimum: maybe({ ...whole(1), description: 'the least amount of an order, in minor units of its benefit' }),
    goods: maybe(GOODS_SHOWN),
    /** The user's own that waits or is offered a unit. */
    entry: maybe(ENTRY),
    /** The end of the user's last offer, if it was not claimed in time and the user neither waits nor has a claim. */
    lapsed: maybe(TIME),
    waitingList: maybe(
      named('ModuleWaitingList', record({ open: { ...FLAG, description: 'a join would be granted now' } })),
    ),
    /** Only beside a claim that is held or locked. */
    extension: maybe(
      named('ModuleExtension', record({ open: { ...FLAG, description: 'an extension would be granted now' } })),
    ),
  }),
);
export interface PageModule extends TypeOf<typeof PAGE_MODULE> {}

const CLAIM_VOUCHER = named(
  'ClaimVoucher',
  record({
    name: text(200),
    resourceType: RESOURCE_TYPE,
    benefit: maybe(BENEFIT),
    description: maybe(text(4_000)),
    minimum: maybe({ ...whole(1), description: 'the least amount of an order, in minor units of its benefit' }),
    goods: maybe(GOODS_SHOWN),
    timeZone: text(),
    link: maybe({ ...text(), description: 'the address that follows a claim' }),
  }),
  'What a holder of a claim wants to know of its voucher, by its newest version',
);
export interface ClaimVoucher extends TypeOf<typeof CLAIM_VOUCHER> {}

/** Without its name, so that another schema can begin with its fields. */
const { title: _, description: __, ...CLAIM_FIELDS } = CLAIM;

/** A claim in its user's list. */
export const CLAIM_LISTED = named(
  'ClaimListed',
  withFields(CLAIM_FIELDS as typeof CLAIM, {
    voucher: maybe({ ...CLAIM_VOUCHER, description: 'with `include=voucher`' }),
  }),
);
export interface ClaimListed extends TypeOf<typeof CLAIM_LISTED> {}

const NOTHING: Schema<null> = { type: 'null' };

export const PAGE_DATA = named(
  'PageData',
  record({
    slug: SLUG,
    title: text(200),
    modules: arrayOf(PAGE_MODULE),
    popup: anyOf(
      named(
        'PagePopup',
        record({ voucherId: ID, trigger: choice('on-load', 'on-claim'), title: text(200), text: text(4_000) }),
      ),
      NOTHING,
    ),
    unavailable: maybe(UNAVAILABLE),
  }),
  'A page as its visitor sees it',
);
export interface PageData extends TypeOf<typeof PAGE_DATA> {}
