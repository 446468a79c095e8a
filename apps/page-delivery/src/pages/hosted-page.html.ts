// The hosted page as HTML, in the reader's language, without inline code. Only its vouchers need a script.

export type PageLanguage = 'zh-CN' | 'en';

const WORDS = {
  'zh-CN': {
    signOut: '退出',
    fault: '登录没有完成，请返回上一页重试。',
    noScript: '请启用 JavaScript 后领取。',
    other: 'English',
    signingIn: '正在登录…',
  },
  en: {
    signOut: 'Sign out',
    fault: 'Signing in did not work. Go back and try again.',
    noScript: 'Please enable JavaScript to claim.',
    other: '中文',
    signingIn: 'Signing in…',
  },
} as const satisfies Record<PageLanguage, Record<string, string>>;

/** The input for a hosted page. */
export interface HostedPage {
  readonly language: PageLanguage;
  readonly title: string;
  /** Undefined for the page to which the issuer redirects people. */
  readonly slug: string | undefined;
  readonly issuer: string;
  readonly client: string;
  readonly paths: { readonly widget: string; readonly script: string; readonly style: string };
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** The language of `?lang=`, else the first of the two languages that the browser accepts. */
export function pageLanguage(asked: string | undefined, accepted: string | undefined): PageLanguage {
  const [tag] = /\b(zh|en)\b/i.exec(asked || accepted || '') ?? [];
  return tag?.toLowerCase() === 'zh' ? 'zh-CN' : 'en';
}

export function hostedPage({ language, title, slug, issuer, client, paths }: HostedPage): string {
  const words = WORDS[language];
  const other = language === 'en' ? 'zh-CN' : 'en';
  const heading = escaped(slug === undefined ? words.signingIn : title);
  const body =
    slug === undefined
      ? ''
      : `
  <voucher-claim page="${escaped(slug)}" theme="auto"></voucher-claim>
  <script type="module" src="${escaped(paths.widget)}"></script>
  <noscript>${words.noScript}</noscript>`;
  return `<!doctype html>
<html lang="${language}" data-issuer="${escaped(issuer)}" data-client="${escaped(client)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<link rel="stylesheet" href="${escaped(paths.style)}">
<script type="module" src="${escaped(paths.script)}"></script>
<link rel="modulepreload" href="${escaped(paths.widget)}">
</head>
<body>
<header>
  <span id="who" dir="auto"></span>
  <a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.other}</a>
  <button id="sign-out" type="button" hidden>${words.signOut}</button>
</header>
<main>
  <h1 dir="auto">${heading}</h1>
  <p id="fault" role="alert" hidden>${words.fault}</p>${body}
</main>
</body>
</html>
`;
}
