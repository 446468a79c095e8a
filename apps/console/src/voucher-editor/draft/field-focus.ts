// From a pointer to the field on the page: the field itself, else the nearest one that holds it.

/** The id of a field's element. */
export const fieldId = (pointer: string): string => `field${pointer.replaceAll('/', '-')}`;

/** The pointer and those that hold it, the innermost first: `/a/b`, `/a`. */
export function enclosing(pointer: string): string[] {
  const parts = pointer.split('/').slice(1);
  return parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`);
}

const FOCUSABLE = 'input, select, textarea, button, [tabindex="0"], [contenteditable="true"]';

/** Puts the focus where the fault is. False: no field holds it. */
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
