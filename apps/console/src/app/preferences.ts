import { createContext, use } from 'react';
import type { Choices } from './choices.ts';

export interface Preferences extends Choices {
  choose(change: Partial<Choices>): void;
}

export const PreferencesContext = createContext<Preferences | null>(null);

/** The language and colours in use. */
export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (!preferences) throw new Error('usePreferences outside of its provider');
  return preferences;
}
