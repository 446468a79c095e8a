import type { ModuleState, Page, PageData, PageModule } from '../pages.ts';
import { CLAIM } from './claim.schema.ts';
import { REASON } from './event.schema.ts';
import { arrayOf, choice, closed, ID, maybe, named, record, SLUG, text, TIME, UNAVAILABLE, whole } from './schema.ts';
import { BENEFIT, OPERATIONS, RESOURCE_TYPE, WINDOWS } from './voucher.schema.ts';

const MODULE_STATES = [
  'claimed',
  'locked',
  'redeemed',
  'ended',
  'not-started',
  'sold-out',
  'not-eligible',
  'claimable',
] as const satisfies ModuleState[];

export const PAGE = named(
  'Page',
  record<Page>({
    slug: SLUG,
    title: text(200),
    voucherIds: arrayOf(ID, 1_000),
    version: whole(1),
    team: text(),
    updatedAt: TIME,
    updatedBy: text(),
  }),
);

/** `PUT /v1/pages/{slug}`. */
export const PAGE_INPUT = named(
  'PageInput',
  closed(
    record<Pick<Page, 'title' | 'voucherIds'>>({
      title: { type: 'string', minLength: 1, maxLength: 200 },
      voucherIds: { ...arrayOf(ID, 1_000), uniqueItems: true },
    }),
  ),
);

export const PAGE_DATA = named(
  'PageData',
  record<PageData>({
    slug: SLUG,
    title: text(200),
    modules: arrayOf(
      named(
        'PageModule',
        record<PageModule>({
          voucherId: ID,
          version: whole(1),
          name: text(200),
          resourceType: RESOURCE_TYPE,
          benefit: maybe(BENEFIT),
          state: choice(...MODULE_STATES),
          reason: maybe({ ...REASON, description: 'the one that a claim would get' }),
          claim: maybe(CLAIM),
          windows: WINDOWS,
          operations: OPERATIONS,
        }),
      ),
    ),
    popup: {
      anyOf: [
        record<NonNullable<PageData['popup']>>({
          voucherId: ID,
          trigger: choice('on-load', 'on-claim'),
          title: text(200),
          text: text(4_000),
        }),
        { type: 'null' },
      ],
    },
    unavailable: maybe(UNAVAILABLE),
  }),
  'A page as its visitor sees it',
);
