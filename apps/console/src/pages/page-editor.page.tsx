/** Comes with its screen. */
export function PageEditorPage() {
  return null;
}
