import { preconditionFailed } from '@vouchers/service';

/** Compares strongly (RFC 9110, 13.1.1); `*` matches any version. 412 if none of the tags is the newest version. */
export function checkIfMatch(header: string | undefined, version: number): void {
  if (header === undefined || header.trim() === '*') return;
  if (!header.split(',').some((tag) => tag.trim() === `"${version}"`)) throw preconditionFailed();
}
