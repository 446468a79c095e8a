/** Comes with its screen. */
export function ActivityPage() {
  return null;
}
