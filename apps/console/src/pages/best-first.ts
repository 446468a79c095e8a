/** Sorts vouchers with exactly this name first, then those whose name begins so. */
export function bestFirst<T extends { name: string }>(vouchers: readonly T[], search: string): T[] {
  const sought = search.toLowerCase();
  const rank = ({ name }: T): number =>
    name.toLowerCase() === sought ? 0 : name.toLowerCase().startsWith(sought) ? 1 : 2;
  return vouchers.toSorted((a, b) => rank(a) - rank(b));
}
