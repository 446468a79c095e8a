// Sets up i18next with one namespace. A language is loaded when it is first chosen.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Words } from './en/index.ts';
import { LOADERS, type Language } from './loaders.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Words };
  }
}

/** Sets up i18next with a first language. */
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

/** Loads a language if needed and switches to it. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation'))
    i18next.addResourceBundle(language, 'translation', await LOADERS[language]());
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
