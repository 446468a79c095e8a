/** Comes with its screen. */
export function OverviewPage() {
  return null;
}
