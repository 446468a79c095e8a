/** Comes with its screen. */
export function VoucherPage() {
  return null;
}
