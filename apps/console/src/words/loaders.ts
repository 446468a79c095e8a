import type { Words } from './en/index.ts';

export type Language = 'zh-CN' | 'en';

/** Each language is a separate file, which is loaded once. */
export const LOADERS: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en/index.ts')).en,
  'zh-CN': async () => (await import('./zh-cn/index.ts')).zhCn,
};
