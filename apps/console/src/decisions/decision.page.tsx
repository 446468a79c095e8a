/** Comes with its screen. */
export function DecisionPage() {
  return null;
}
