/** Comes with its screen. */
export function VouchersListPage() {
  return null;
}
