/** A value, or a promise of it. Most page views find all values in memory, and a promise costs as much as a look-up. */
export type MaybePromise<T> = T | Promise<T>;

/** Both values; without a promise if neither is one. */
export function allOf<A, B>([a, b]: readonly [MaybePromise<A>, MaybePromise<B>]): MaybePromise<[A, B]> {
  return a instanceof Promise || b instanceof Promise ? Promise.all([a, b]) : [a, b];
}
