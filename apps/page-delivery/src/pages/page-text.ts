// A page's answer as JSON. The larger part of it belongs to the vouchers' versions and never changes: written once.
import type { Page, PageData, PageModule } from '@vouchers/contracts';

const written = new WeakMap<object, string>();

/** JSON of an object that nobody changes. */
function textOf(value: object): string {
  let text = written.get(value);
  if (text === undefined) written.set(value, (text = JSON.stringify(value)));
  return text;
}

/** What `JSON.stringify` says of the page's data. `modules`: each as `moduleText` says it. */
export function pageText(
  { slug, title }: Pick<Page, 'slug' | 'title'>,
  modules: readonly string[],
  popup: PageData['popup'],
  unavailable: readonly string[] = [],
): string {
  const leftOut = unavailable.length > 0 ? `,"unavailable":${JSON.stringify(unavailable)}` : '';
  return `{"slug":${JSON.stringify(slug)},"title":${JSON.stringify(title)},"modules":[${modules.join(',')}],"popup":${JSON.stringify(popup)}${leftOut}}`;
}

export function moduleText({
  voucherId,
  version,
  name,
  resourceType,
  benefit,
  state,
  reason,
  claim,
  windows,
  operations,
}: PageModule): string {
  return (
    `{"voucherId":"${voucherId}","version":${version},"name":${JSON.stringify(name)},"resourceType":"${resourceType}"` +
    (benefit ? `,"benefit":${textOf(benefit)}` : '') +
    `,"state":"${state}"` +
    (reason ? `,"reason":"${reason}"` : '') +
    (claim ? `,"claim":${JSON.stringify(claim)}` : '') +
    `,"windows":${textOf(windows)},"operations":${textOf(operations)}}`
  );
}
