// i18next with one namespace; a language is fetched when it is first chosen.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './en/index.ts';

export type Language = 'zh-CN' | 'en';
/** Every text of the console, by area. English is the pattern that Chinese must fill. */
export type Words = typeof en;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Words };
  }
}

const LOADERS: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en/index.ts')).en,
  'zh-CN': async () => (await import('./zh-cn/index.ts')).zhCn,
};

/** Starts in a language. */
export async function startWords(language: Language): Promise<void> {
  const translation = await LOADERS[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation } },
    interpolation: { escapeValue: false }, // React escapes
    returnEmptyString: false,
  });
  document.documentElement.lang = language;
}

/** Speaks another language from now on. */
export async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await LOADERS[language]());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
