/** Comes with its screen. */
export function EventsPage() {
  return null;
}
