/** Comes with its screen. */
export function VersionsPage() {
  return null;
}
