// The issuer's pages in plain HTML, with one style sheet and no script.
import { IDENTITIES, type Identity } from './identities.ts';
import { LANGUAGES, type Language, type Words } from './sign-in.words.ts';

/** The path of the style sheet. */
export const STYLE_PATH = '/sign-in.css';

/** Data of the sign-in page, with the former input after a fault. */
export interface SignIn {
  readonly language: Language;
  /** The path that the choice is posted to, which is the page's own. */
  readonly path: string;
  /** The kind that is shown first, because it is more likely. */
  readonly first: Identity['kind'];
  readonly fault?: 'badUser' | 'badAttributes';
  readonly typed?: { readonly sub: string; readonly attrs: string };
}

/** The page for choosing an identity. */
export function signInPage({ language, path, first, fault, typed }: SignIn): string {
  const { words } = LANGUAGES[language];
  const form = `<form method="post" action="${escape(`${path}?lang=${language}`)}"`;
  const group = (kind: Identity['kind'], title: string, note: string) => `<section aria-labelledby="${kind}s">
  <h2 id="${kind}s">${title}</h2><p>${note}</p>
  ${form}><ul>${IDENTITIES.filter((one) => one.kind === kind)
    .map((one) => choice(one, words))
    .join('')}</ul></form>
</section>`;
  const groups = [group('role', words.roles, words.rolesFor), group('user', words.users, words.usersFor)];
  const wrong = (field: typeof fault): string =>
    fault === field ? ' aria-invalid="true" aria-describedby="fault"' : '';
  const another = `<section aria-labelledby="another">
  <h2 id="another">${words.another}</h2>
  ${fault ? `<p role="alert" id="fault">${words[fault]}</p>` : ''}
  ${form}>
    <label for="sub">${words.userId}</label>
    <input id="sub" name="sub" required maxlength="255" autocomplete="off" autocapitalize="none" spellcheck="false" value="${escape(typed?.sub ?? '')}"${wrong('badUser')}>
    <label for="attrs">${words.attributes}</label>
    <input id="attrs" name="attrs" autocomplete="off" autocapitalize="none" spellcheck="false" value="${escape(typed?.attrs ?? '')}"${wrong('badAttributes') || ' aria-describedby="hint"'}>
    <p id="hint">${escape(words.attributesHint)}</p>
    <button class="primary">${words.signIn}</button>
  </form>
</section>`;
  const order = first === 'user' ? [groups[1]!, another, groups[0]!] : [...groups, another];
  const links = Object.entries(LANGUAGES).map(([tag, { name }]) =>
    tag === language
      ? `<span aria-current="true">${name}</span>`
      : `<a href="${escape(`${path}?lang=${tag}`)}" lang="${tag}" hreflang="${tag}">${name}</a>`,
  );
  return page(
    language,
    words.title,
    `<nav>${links.join(' ')}</nav><h1>${words.title}</h1>
<p>${escape(words.introduction)}</p>${order.join('')}`,
  );
}

function choice(one: (typeof IDENTITIES)[number], words: Words): string {
  const { sub, attrs } = one;
  const attributes = Object.entries(attrs).map(([name, value]) => `${name}: ${String(value)}`);
  const [name, note] =
    one.kind === 'role'
      ? words.role[one.sub]
      : [sub.charAt(0).toUpperCase() + sub.slice(1), attributes.join(', ') || words.noAttributes];
  return `<li><button name="sub" value="${sub}"><b>${escape(name)}</b> <span>${escape(note)}</span></button></li>`;
}

/** Asks before signing out. `form` is the provider's own form, and the buttons belong to it. */
export function signOutPage(language: Language, form: string): string {
  const { words } = LANGUAGES[language];
  return page(
    language,
    words.signOutTitle,
    `<h1>${words.signOutTitle}</h1>${form}
<p class="buttons"><button class="primary" form="op.logoutForm" name="logout" value="yes">${words.signOut}</button>
<button form="op.logoutForm">${words.stay}</button></p>`,
  );
}

/** The page after signing out, if no client's page follows. */
export const signedOutPage = (language: Language): string =>
  page(language, LANGUAGES[language].words.signedOut, `<h1>${LANGUAGES[language].words.signedOut}</h1>`);

/** The page after an error. Without a detail: a sign-in that has ended. */
export function faultPage(language: Language, detail?: string): string {
  const { words } = LANGUAGES[language];
  return page(language, words.failed, `<h1>${words.failed}</h1><p>${escape(detail ?? words.expired)}</p>`);
}

const page = (language: Language, title: string, content: string): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="${STYLE_PATH}"><link rel="icon" href="data:,">
</head>
<body><main>${content}</main></body>
</html>
`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
