// The hosted page as HTML, in the reader's language, without inline code. Only its vouchers need a script.

export type PageLanguage = 'zh-CN' | 'en';

const WORDS = {
  'zh-CN': {
    signOut: '退出',
    fault: '登录没有完成，请返回上一页重试。',
    noScript: '请启用 JavaScript。',
    other: 'English',
    signingIn: '正在登录…',
    mine: '我的凭证',
    welcome: '登录后可以',
    steps: ['查看适合你的凭证', '一键领取', '在“我的凭证”中随时找到它们'],
  },
  en: {
    signOut: 'Sign out',
    fault: 'Signing in did not work. Go back and try again.',
    noScript: 'Please enable JavaScript.',
    other: '中文',
    signingIn: 'Signing in…',
    mine: 'My vouchers',
    welcome: 'Once you are signed in',
    steps: [
      'you see which vouchers are for you',
      'you claim with one tap',
      'you find all of them again under “My vouchers”',
    ],
  },
} as const satisfies Record<PageLanguage, Record<string, string | readonly string[]>>;

/** A page with vouchers, the user's own vouchers, or the page to which the issuer redirects people. */
export type Shown = { readonly slug: string; readonly title: string } | 'me' | 'callback';

/** The input for a hosted page. */
export interface HostedPage {
  readonly language: PageLanguage;
  readonly shown: Shown;
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

export function hostedPage({ language, shown, issuer, client, paths }: HostedPage): string {
  const words = WORDS[language];
  const other = language === 'en' ? 'zh-CN' : 'en';
  const heading = escaped(shown === 'me' ? words.mine : shown === 'callback' ? words.signingIn : shown.title);
  const toMine = shown === 'me' ? '' : `<a href="/me?lang=${language}">${words.mine}</a>`;
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
  ${toMine}
  <a href="?lang=${other}" lang="${other}" hreflang="${other}">${words.other}</a>
  <button id="sign-out" type="button" hidden>${words.signOut}</button>
</header>
<main>
  <h1 dir="auto">${heading}</h1>
  <p id="fault" role="alert" hidden>${words.fault}</p>
  ${elementsOf(shown, words)}
  <script type="module" src="${escaped(paths.widget)}"></script>
  <noscript>${words.noScript}</noscript>
</main>
</body>
</html>
`;
}

function elementsOf(shown: Shown, { welcome, steps }: (typeof WORDS)[PageLanguage]): string {
  if (shown === 'callback') return '';
  if (shown === 'me') return '<my-vouchers></my-vouchers>';
  return `<voucher-claim page="${escaped(shown.slug)}" theme="auto"></voucher-claim>
  <section id="welcome" hidden>
    <h2>${welcome}</h2>
    <ul>${steps.map((step) => `<li>${step}</li>`).join('')}</ul>
  </section>`;
}
