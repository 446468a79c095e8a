import type { Fault, Facts, Node, Order, VoucherSpecInput } from '@vouchers/contracts';
import { ORDER_INPUT, VOUCHER_SPEC_INPUT, type Schema } from '@vouchers/contracts/schemas';
import { badRequest, CompiledBody } from '@vouchers/service/thread';
import { specFaults } from '@vouchers/voucher';

/** One question: what would be decided at this node, for this user, at this time (now by default). */
export interface DryRunCase {
  node: Node;
  /** Asked for at the claim and the use node. */
  user?: Facts & { id: string };
  /** Asked for at the use node. */
  order?: Order;
  claim?: { heldAt?: string; uses?: number };
  at?: string;
}

/** A stored voucher, or an unsaved spec as if it were published. With both, the spec has the voucher's counters. */
export type DryRunBody = { cases: DryRunCase[] } & (
  { voucherId: string; spec?: VoucherSpecInput } | { spec: VoucherSpecInput; voucherId?: undefined }
);

/** No token or header carries more about a user, so no decision looks at more. Unit: characters of JSON. */
const LARGEST_USER = 16_384;
const TIME = { type: 'string', format: 'date-time' };

const schemaWith = (spec: Schema) => ({
  type: 'object',
  properties: {
    voucherId: { type: 'string', format: 'uuid' },
    spec,
    cases: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        properties: {
          node: { enum: ['enable', 'claim', 'use', 'terminate'] },
          user: {
            type: 'object',
            properties: { id: { type: 'string', minLength: 1, maxLength: 255 } },
            required: ['id'],
          },
          order: ORDER_INPUT,
          claim: {
            type: 'object',
            properties: { heldAt: TIME, uses: { type: 'integer', minimum: 0 } },
            additionalProperties: false,
          },
          at: TIME,
        },
        required: ['node'],
        additionalProperties: false,
      },
    },
  },
  required: ['cases'],
  additionalProperties: false,
});

/** A spec is judged by `specFaults`, whose words are better. */
export const dryRunBody = new CompiledBody<DryRunBody>(schemaWith({ type: 'object' }), schemaWith(VOUCHER_SPEC_INPUT));

/** Characters of JSON. */
export const sizeOf = (user: NonNullable<DryRunCase['user']>): number => JSON.stringify(user).length;

/** What the schema cannot say. @throws ProblemError 400 */
export function checkDryRun({ voucherId, spec, cases }: DryRunBody): void {
  const faults: Fault[] = cases.flatMap(({ node, user, order }, index) => [
    ...((node === 'claim' || node === 'use') && !user
      ? [{ pointer: `/cases/${index}/user`, message: 'is missing' }]
      : []),
    ...(user && sizeOf(user) > LARGEST_USER
      ? [{ pointer: `/cases/${index}/user`, message: `is larger than ${LARGEST_USER} characters of JSON` }]
      : []),
    ...(node === 'use' && !order ? [{ pointer: `/cases/${index}/order`, message: 'is missing' }] : []),
  ]);
  if (voucherId === undefined && spec === undefined)
    faults.push({ pointer: '/voucherId', message: 'is missing, and so is spec' });
  if (spec !== undefined)
    faults.push(...specFaults(spec).map(({ pointer, message }) => ({ pointer: `/spec${pointer}`, message })));
  if (faults.length > 0) throw badRequest(faults);
}
