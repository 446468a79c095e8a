/** Comes with its screen. */
export function ProofPage() {
  return null;
}
