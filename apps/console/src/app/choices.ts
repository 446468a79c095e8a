// Stores the visitor's choice of language and colours in this browser.
import type { Language } from '../words/loaders.ts';
import type { Scheme } from './look.ts';

export interface Choices {
  readonly language: Language;
  readonly scheme: Scheme;
}

const LANGUAGE = 'console.language';
const SCHEME = 'console.scheme';

/** The language chosen before, otherwise the browser's. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem(LANGUAGE) ?? navigator.language;
  return chosen.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

export function firstScheme(): Scheme {
  const chosen = localStorage.getItem(SCHEME);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function keep({ language, scheme }: Choices): void {
  localStorage.setItem(LANGUAGE, language);
  localStorage.setItem(SCHEME, scheme);
}
