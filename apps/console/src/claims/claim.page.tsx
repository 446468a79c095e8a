/** Comes with its screen. */
export function ClaimPage() {
  return null;
}
