import { useEffect, useRef } from 'react';

/**
 * Actions by key. `mod+k` is Command or Control with k. A key without `mod`, such as `/`, does nothing while typing.
 */
export type Keys = Readonly<Record<string, () => void>>;

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The name of `mod+` and a key on this keyboard: `⌘K` or `Ctrl K`. */
export const shownKey = (key: string): string => `${isApple ? '⌘' : 'Ctrl '}${key}`;

/** Handles keys while the component is mounted. */
export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const modified = event.metaKey || event.ctrlKey;
      if (!modified && isTyping(event.target)) return;
      const act = current.current[`${modified ? 'mod+' : ''}${event.key.toLowerCase()}`];
      if (!act || event.altKey) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
