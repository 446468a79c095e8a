import type { Actor } from '@vouchers/contracts';

/** The words about who acted: the name that the issuer told then, else the id. */
export const actorWords = ({ sub, name, team }: Actor): { who: string; team: string } => ({ who: name ?? sub, team });
