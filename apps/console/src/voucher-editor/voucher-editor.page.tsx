/** Comes with its screen. */
export function VoucherEditorPage() {
  return null;
}
