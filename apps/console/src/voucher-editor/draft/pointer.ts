// JSON pointers (RFC 6901) into a spec. The form and the errors of services name fields by them.

const partsOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** `pointerTo('/labels', 'a/b')` is `/labels/a~1b`. */
export const pointerTo = (pointer: string, field: string | number): string =>
  `${pointer}/${String(field).replaceAll('~', '~0').replaceAll('/', '~1')}`;

const isContainer = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The value that a pointer names; undefined if there is none. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of partsOf(pointer)) {
    if (!isContainer(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** A copy with this value at the pointer (undefined: without it). Unchanged parts stay the same objects. */
export function withValueAt<T>(root: T, pointer: string, value: unknown): T {
  return replaced(root, partsOf(pointer), value) as T;
}

function replaced(node: unknown, [part, ...rest]: string[], value: unknown): unknown {
  if (part === undefined) return value;
  const container = isContainer(node) ? node : {};
  const next = replaced(Object.hasOwn(container, part) ? container[part] : undefined, rest, value);
  if (Array.isArray(container)) return container.with(Number(part), next);
  if (next !== undefined) return { ...container, [part]: next };
  const { [part]: _, ...others } = container;
  return others;
}

/** True if `pointer` names the field at `field` or a part of it. */
export const isWithin = (pointer: string, field: string): boolean =>
  pointer === field || pointer.startsWith(`${field}/`);
