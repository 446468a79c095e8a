import { IDENTITIES } from './identities.ts';

/** The page on which one chooses whom to sign in as. `action`: where the choice is posted. */
export function signInPage(action: string, fault = ''): string {
  const choices = IDENTITIES.map(
    ({ sub, title }) => `<li><button name="sub" value="${escape(sub)}">${escape(title)}</button></li>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in (development)</title>
<style>
  body { font: 16px/1.5 system-ui; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark }
  ul { list-style: none; padding: 0 } button { font: inherit; width: 100%; text-align: left; padding: .5rem; margin: .15rem 0 }
  label { display: block; margin: .5rem 0 } input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem }
</style>
<h1>Sign in</h1>
<p>This is a developer's machine: choose who you are.</p>
<form method="post" action="${escape(action)}"><ul>${choices.join('')}</ul></form>
<form method="post" action="${escape(action)}">
  <h2>Another customer</h2>
  ${fault && `<p role="alert">${escape(fault)}</p>`}
  <label>User id <input name="sub" required maxlength="200"></label>
  <label>Attributes (JSON) <input name="attrs" placeholder='{"tier":"gold"}'></label>
  <button>Sign in</button>
</form>
</html>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
