// Finds the field of a pointer on the page, or the nearest field that encloses it.

/** The id of a field's element. */
export const fieldId = (pointer: string): string => `field${pointer.replaceAll('/', '-')}`;

/** The pointer and its enclosing pointers, the innermost first: `/a/b`, `/a`. */
export function enclosing(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`);
}

const FOCUSABLE = 'input, select, textarea, button, [tabindex="0"], [contenteditable="true"]';

/** Focuses the field of a pointer. @returns false if there is none */
export function focusField(pointer: string): boolean {
  for (const candidate of enclosing(pointer)) {
    const element = document.getElementById(fieldId(candidate));
    const target = element?.matches(FOCUSABLE) ? element : element?.querySelector<HTMLElement>(FOCUSABLE);
    if (!target) continue;
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
    return true;
  }
  return false;
}
