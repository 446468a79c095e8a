// What a visitor chose: language and colours. Kept in this browser.
import { createContext, use } from 'react';
import type { Scheme } from './look.ts';
import type { Language } from '../words/words.ts';

export interface Preferences {
  language: Language;
  scheme: Scheme;
  choose(change: Partial<Pick<Preferences, 'language' | 'scheme'>>): void;
}

const LANGUAGE = 'console.language';
const SCHEME = 'console.scheme';

export const PreferencesContext = createContext<Preferences | null>(null);

/** The language and colours in use. */
export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (!preferences) throw new Error('usePreferences outside of its provider');
  return preferences;
}

/** As chosen before, else as the browser is set. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem(LANGUAGE) ?? navigator.language;
  return chosen.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function firstScheme(): Scheme {
  const chosen = localStorage.getItem(SCHEME);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function keep({ language, scheme }: Pick<Preferences, 'language' | 'scheme'>): void {
  localStorage.setItem(LANGUAGE, language);
  localStorage.setItem(SCHEME, scheme);
}
