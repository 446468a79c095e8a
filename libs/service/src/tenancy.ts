// Decides whose things a caller may see. Every service asks here, and nowhere else.
import type { ProblemReason, Teams } from '@vouchers/contracts';
import type { Caller } from './caller.ts';
import { notFound, otherTeam } from './problem.ts';

/** `open`: staff and services see the things of every team. `team`: those of their own. */
export const TENANCIES = ['open', 'team'] as const;
export type TenancyMode = (typeof TENANCIES)[number];

type Asking = Pick<Caller, 'team' | 'scopes'>;

/** Whether a list of teams has this one. A voucher that was stored without the list allows every team. */
export const isAmong = (teams: Teams | undefined, team: string): boolean =>
  teams === undefined || teams === 'any' || teams.includes(team);

type Redeemed = { team: string; spec: { redeemers?: Teams } };

/** The teams that may read a voucher's redemptions: its own and its redeemers. */
export const readersOf = ({ team, spec: { redeemers = 'any' } }: Redeemed): Teams =>
  redeemers === 'any' ? 'any' : [...new Set([team, ...redeemers])];

/**
 * Routes for customers do not ask, because what a customer does follows the user and not the team. For staff and
 * services, a thing of another team is like one that does not exist: the same answer after the same look-ups.
 */
export class Tenancy {
  readonly mode: TenancyMode;

  constructor(mode: TenancyMode) {
    this.mode = mode;
  }

  /** The team whose things the caller sees. Undefined: those of every team. */
  seenBy({ team, scopes }: Asking): string | undefined {
    return this.mode === 'open' || scopes.has('audit:read') ? undefined : team;
  }

  /** The condition for a query of the things that the caller sees: `{}` or `{team}`. */
  where(caller: Asking): { team?: string } {
    const team = this.seenBy(caller);
    return team === undefined ? {} : { team };
  }

  /** The teams of a list that a voucher's author left out. */
  unnamed(team: string): Teams {
    return this.mode === 'open' ? 'any' : [team];
  }

  /** Whether the caller sees the things of this team. */
  sees(caller: Asking, team: string): boolean {
    return (this.seenBy(caller) ?? team) === team;
  }

  /** Whether the caller may read a voucher's redemptions: its own team, its redeemers and auditors do. */
  readsRedemptions(caller: Asking, { team, spec }: Redeemed): boolean {
    return isAmong(readersOf({ team, spec }), caller.team) || caller.scopes.has('audit:read');
  }

  /**
   * Only a thing's own team changes it.
   * @throws ProblemError 404 with this reason if the caller does not see the thing, and 403 `other-team` if it does
   */
  expectOwn(caller: Asking, team: string, reason?: ProblemReason): void {
    if (team === caller.team) return;
    throw this.sees(caller, team) ? otherTeam() : notFound(reason);
  }
}
