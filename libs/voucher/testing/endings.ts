// How the model's claims end, and what a rollback makes of them.
import { isTerminatedWithRevoke, type Life, type ModelClaim } from './life.ts';

/** Ends a claim by time, its user or staff. It becomes `redeemed` if it was used before. */
export function end(life: Life, claim: ModelClaim, how: 'expired' | 'released' | 'revoked'): void {
  delete claim.lock;
  claim.state = claim.uses > 0 ? 'redeemed' : how;
  if (claim.state !== how) return;
  claim.notices = [];
  claim.retired = life.inForce!.spec.pool[how] === 'retire';
}

/** The change of a `redeemed` claim when one of its uses is rolled back. */
export function afterRollback(life: Life, claim: ModelClaim, t: number, hold = false): void {
  const rolledBack = hold ? 'hold' : life.inForce!.spec.pool.rolledBack;
  const past = t >= claim.useUntil;
  if (claim.uses > 0) {
    if (rolledBack === 'hold' && claim.spent && !past && !isTerminatedWithRevoke(life)) claim.state = 'held';
  } else if (rolledBack === 'return') {
    claim.state = 'released';
  } else if (rolledBack === 'retire') {
    claim.state = 'revoked';
    claim.retired = true;
  } else if (past) {
    end(life, claim, 'expired');
  } else if (isTerminatedWithRevoke(life)) {
    end(life, claim, 'revoked');
  } else {
    claim.state = 'held';
  }
  claim.spent = claim.spent && claim.state === 'redeemed';
  // A notice whose time passed while it was not held is gone.
  if (claim.state === 'held') claim.notices = claim.notices.filter((at) => at > t);
  else if (claim.state !== 'redeemed') claim.notices = [];
}
