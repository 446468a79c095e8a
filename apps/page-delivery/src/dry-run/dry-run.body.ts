import { fault, LONGEST_PARTY, type Fault, type Facts, type Node, type VoucherSpecInput } from '@vouchers/contracts';
import {
  arrayOf,
  COUNT,
  exact,
  ID,
  maybe,
  named,
  NODE,
  ORDER_INPUT,
  record,
  text,
  TIME,
  VOUCHER_SPEC_INPUT,
  type Schema,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { badRequest, CompiledBody } from '@vouchers/service/thread';
import { specFaults } from '@vouchers/voucher';

/** The node `join` is a joining of the waiting list. */
export type DryRunNode = Node | 'join';
export const DRY_RUN_NODES = [...(NODE['enum'] as Node[]), 'join'] as const;
const ANY_NODE: Schema<DryRunNode> = { enum: DRY_RUN_NODES };
/** The user's attributes are fields beside the id. */
export const USER = named('DryRunUser', {
  ...record({ id: text(LONGEST_PARTY, 1) }),
  additionalProperties: true,
}) as Schema<Facts & { id: string }>;
const CASE = named(
  'DryRunCase',
  exact(
    record({
      node: ANY_NODE,
      /** Required at the claim and the use node, and at a joining. */
      user: maybe(USER),
      /** Required at the use node. */
      order: maybe(ORDER_INPUT),
      claim: maybe(named('DryRunClaim', exact(record({ heldAt: maybe(TIME), uses: maybe(COUNT) })))),
      at: maybe(TIME),
    }),
  ),
);
/** One case: the decision at this node, for this user, at this time (now by default). */
export type DryRunCase = TypeOf<typeof CASE>;

/** A stored voucher, or an unsaved spec as if it were published. With both, the spec gets the voucher's counters. */
export type DryRunBody = { cases: DryRunCase[] } & (
  { voucherId: string; spec?: VoucherSpecInput } | { spec: VoucherSpecInput; voucherId?: undefined }
);

/** The body may contain a spec, which may have 2 MB. */
export const SPEC_BODY_BYTES = 2_300_000;
/** No token or header has more attributes of a user, so no decision reads more. Unit: characters of JSON. */
export const LARGEST_USER = 16_384;

const bodyWith = (spec: Schema<VoucherSpecInput>): Schema<DryRunBody> =>
  named(
    'DryRunInput',
    exact(record({ voucherId: maybe(ID), spec: maybe(spec), cases: arrayOf(CASE, 100) })),
  ) as Schema<DryRunBody>;

/** Does not check the spec, since `specFaults` has better messages. */
export const dryRunBody = new CompiledBody(bodyWith({ type: 'object' }), bodyWith(VOUCHER_SPEC_INPUT));

/** The size of a user in characters of JSON. */
export const sizeOf = (user: NonNullable<DryRunCase['user']>): number => JSON.stringify(user).length;

/** Checks the rules that the schema cannot express. @throws ProblemError 400 */
export function checkDryRun({ voucherId, spec, cases }: DryRunBody): void {
  const faults: Fault[] = cases.flatMap(({ node, user, order }, index) => [
    ...((node === 'claim' || node === 'use' || node === 'join') && !user
      ? [fault(`/cases/${index}/user`, 'required')]
      : []),
    ...(user && sizeOf(user) > LARGEST_USER
      ? [fault(`/cases/${index}/user`, 'user-size', { most: LARGEST_USER })]
      : []),
    ...(node === 'use' && !order ? [fault(`/cases/${index}/order`, 'required')] : []),
  ]);
  if (voucherId === undefined && spec === undefined) faults.push(fault('/voucherId', 'voucher-or-spec'));
  if (spec !== undefined)
    faults.push(...specFaults(spec).map((found) => ({ ...found, pointer: `/spec${found.pointer}` })));
  if (faults.length > 0) throw badRequest(faults);
}
