/** What is at hand, or will be. Most page views have all at hand, and each promise costs them as much as a look-up. */
export type Soon<T> = T | Promise<T>;

/** Both, without a promise where both are at hand. */
export function allOf<A, B>([a, b]: readonly [Soon<A>, Soon<B>]): Soon<[A, B]> {
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}
