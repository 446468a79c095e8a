import type { Teams } from '@vouchers/contracts';

const MOST = 20;
/** Stands for any team among the tags. No team has such a name. */
export const ANY = '\0';

export const tagsOf = (teams: Teams | undefined): string[] => (teams === 'any' ? [ANY] : [...(teams ?? [])]);

/** `any` replaces the teams that were named before it, and a team that is named after it replaces `any`. */
export function teamsOf(tags: readonly string[]): Teams | undefined {
  if (tags.at(-1) === ANY) return 'any';
  const named = tags.filter((tag) => tag !== ANY).slice(0, MOST);
  return named.length > 0 ? named : undefined;
}
