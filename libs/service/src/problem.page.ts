// A problem as a page for people who opened an address in a browser. Programs get problem details.
import { createHash } from 'node:crypto';

type Language = 'zh-CN' | 'en';

const WORDS: Record<Language, Record<'unknown' | 'away' | 'broken', readonly [title: string, text: string]>> = {
  'zh-CN': {
    unknown: ['没有这个页面', '地址可能写错了，或页面已被删除。'],
    away: ['暂时无法访问', '请稍后重试。'],
    broken: ['无法打开', '请返回上一页重试。'],
  },
  en: {
    unknown: ['There is no such page', 'The address may be mistyped, or the page was deleted.'],
    away: ['Away for the moment', 'Try again in a moment.'],
    broken: ['This cannot be opened', 'Go back and try again.'],
  },
};

const STYLE =
  ':root{color-scheme:light dark;font:16px/1.5 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;' +
  'color:light-dark(#1c2430,#e6e9ee);background:light-dark(#f3f5f8,#15181d)}' +
  'main{max-width:32rem;margin:18vh auto 0;padding:0 20px}h1{font-size:24px;margin:0 0 8px}' +
  'p{margin:0;color:light-dark(#586274,#9aa4b2)}';

export const PROBLEM_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Whether a browser opened the address: it asks for HTML, and the address is no call. */
export function wantsPage(method: string, url: string, accepted: string | undefined): boolean {
  return method === 'GET' && /\btext\/html\b/.test(accepted ?? '') && !url.startsWith('/v1/');
}

/** @param languages the header Accept-Language */
export function problemPage(status: number, languages: string | undefined): string {
  const language: Language = /\b(zh|en)\b/i.exec(languages ?? '')?.[0].toLowerCase() === 'zh' ? 'zh-CN' : 'en';
  const [title, text] =
    WORDS[language][status === 404 ? 'unknown' : status === 503 || status === 429 ? 'away' : 'broken'];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
</main>
</body>
</html>
`;
}
