/** Comes with its screen. */
export function PagesListPage() {
  return null;
}
