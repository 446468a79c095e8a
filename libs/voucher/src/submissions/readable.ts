// Whatever stands on the topic: only what has the shape of its kind is judged.
import type { Order, Submission, SubmissionKind, SubmissionOf } from '@vouchers/contracts';

const LONGEST_LOCK_SECONDS = 86_400;

const isText = (value: unknown): boolean => typeof value === 'string';
const isVersion = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isOptional = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value);

const READABLE: { [K in SubmissionKind]: (submission: SubmissionOf<K>) => boolean } = {
  push: ({ userId, pageSlug }) => isText(userId) && isText(pageSlug),
  claim: ({ claimId, userId, pageSlug, attributes, strippedBy }) =>
    isText(claimId) &&
    isText(userId) &&
    isOptional(pageSlug, isText) &&
    isObject(attributes) &&
    isOptional(strippedBy, isVersion),
  lock: ({ claimId, userId, orderId, ttlSeconds }) =>
    isText(claimId) &&
    isText(userId) &&
    isText(orderId) &&
    Number.isInteger(ttlSeconds) &&
    ttlSeconds >= 1 &&
    ttlSeconds <= LONGEST_LOCK_SECONDS,
  unlock: ({ claimId, userId, orderId }) => isText(claimId) && isText(userId) && isText(orderId),
  release: ({ claimId, userId }) => isText(claimId) && isText(userId),
  revoke: ({ claimId, reason }) => isText(claimId) && isText(reason),
  redemption: ({ redemptionId, claimId, order, attributes, strippedBy, matchesGoods }) =>
    isText(redemptionId) &&
    isText(claimId) &&
    isOrder(order) &&
    isOptional(attributes, isObject) &&
    isOptional(strippedBy, isVersion) &&
    isOptional(matchesGoods, (value) => typeof value === 'boolean'),
  rollback: ({ redemptionId, claimId, reason }) => isText(redemptionId) && isText(claimId) && isText(reason),
};

/** Is it of a kind that is known? */
export function isOfSomeKind({ kind }: Submission): boolean {
  return typeof kind === 'string' && Object.hasOwn(READABLE, kind);
}

/** Has it the shape of its kind? */
export function isReadable(submission: Submission): boolean {
  return (READABLE[submission.kind] as (submission: Submission) => boolean)(submission);
}

function isOrder(order: Order): boolean {
  return (
    isObject(order) &&
    isText(order.id) &&
    isText(order.currency) &&
    Number.isFinite(order.amount) &&
    isOptional(order.items, (items) => Array.isArray(items) && items.every(isItem))
  );
}

function isItem(item: NonNullable<Order['items']>[number]): boolean {
  return isObject(item) && isText(item.sku) && Number.isFinite(item.quantity) && Number.isFinite(item.amount);
}
