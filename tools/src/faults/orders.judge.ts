// Judges order calls by the answers that tills got and by the ledger's events. Pure: the same evidence, the same result.
import type { Redemption } from '@vouchers/contracts';
import type { Answer } from './account.ts';

/** A call of an order, as its till sees it. Calls of one order come one after the other. */
export interface OrderCallSeen {
  readonly orderId: string;
  readonly kind: 'redemptions' | 'rollback';
  readonly claimIds: readonly string[];
  readonly path: string;
  readonly key: string;
  readonly userId: string;
  readonly body: object;
  /** The answer that settled it. */
  settled?: Answer;
}

export interface OrderEvidence {
  /** Calls that are not over. */
  readonly underWay: number;
  /** Claims that an order has locked. */
  readonly locked: number;
  /** Vouchers that still reserve something. */
  readonly reserved: readonly string[];
  /** All redemptions, each as it was after it was made, and again after it was rolled back. In order. */
  readonly redemptions: readonly Redemption[];
}

interface Body {
  reason?: string;
  claimId?: string;
  redemptions?: readonly { id: string; claimId: string }[];
}
const bodyOf = ({ body }: Answer): Body => (body ?? {}) as Body;

/** @param repeated the answer to each key when it was repeated at the end @returns violations */
export function judgeOrders(
  calls: readonly OrderCallSeen[],
  repeated: ReadonlyMap<string, Answer>,
  { underWay, locked, reserved, redemptions }: OrderEvidence,
): string[] {
  const faults = reserved.map((what) => `something is reserved: ${what}`);
  if (underWay > 0) faults.push(`${underWay} order calls are not over`);
  if (locked > 0) faults.push(`${locked} claims are locked`);
  const standing = new Map<string, Redemption>();
  for (const redemption of redemptions)
    if (redemption.rolledBackAt === undefined) standing.set(redemption.id, redemption);
    else standing.delete(redemption.id);
  return [
    ...faults,
    ...usedTwice([...standing.values()]),
    ...halfUsed(calls, [...standing.values()]),
    ...calls.flatMap((call) => answeredOtherwise(call, repeated.get(call.key))),
  ];
}

function usedTwice(standing: readonly Redemption[]): string[] {
  const claims = standing.map(({ claimId }) => claimId);
  return claims.filter((id, index) => claims.indexOf(id) < index).map((id) => `claim ${id} is used twice`);
}

/** Each order has exactly the claims of its calls that were granted, less what was rolled back. */
function halfUsed(calls: readonly OrderCallSeen[], standing: readonly Redemption[]): string[] {
  const wanted = new Map<string, Set<string>>();
  for (const { orderId, kind, claimIds, settled } of calls) {
    const claims = wanted.get(orderId) ?? new Set();
    wanted.set(orderId, claims);
    if (kind === 'redemptions' && settled?.status === 201) for (const id of claimIds) claims.add(id);
    if (kind === 'rollback' && settled?.status === 200) claims.clear();
  }
  const used = new Map<string, Set<string>>();
  for (const { claimId, order } of standing) used.set(order.id, (used.get(order.id) ?? new Set()).add(claimId));
  const orders = new Set([...wanted.keys(), ...used.keys()]);
  return [...orders].flatMap((orderId) => {
    const text = (claims: ReadonlySet<string> | undefined): string => [...(claims ?? [])].sort().join(', ') || 'none';
    const [right, real] = [text(wanted.get(orderId)), text(used.get(orderId))];
    return right === real ? [] : [`order ${orderId} uses ${real}, and its answers say ${right}`];
  });
}

/** Status, reason and ids of an answer never change. An order may have more redemptions by then. */
function answeredOtherwise({ path, key, settled }: OrderCallSeen, again: Answer | undefined): string[] {
  if (!settled) return [];
  if (!again) return [`${path} (${key}) was not answered when it was repeated`];
  const lasting = (answer: Answer): string =>
    [answer.status, answer.submissionId, bodyOf(answer).reason, bodyOf(answer).claimId].join(' ');
  const known = new Set(bodyOf(again).redemptions?.map(({ id }) => id));
  const lost = (bodyOf(settled).redemptions ?? []).filter(({ id }) => !known.has(id));
  if (lasting(settled) === lasting(again) && lost.length === 0) return [];
  return [
    `${path} (${key}) was answered ${lasting(settled)}, then ${lasting(again)}, without ${lost.length} redemptions`,
  ];
}
