import { fault, type Fault, type Facts, type VoucherSpecInput } from '@vouchers/contracts';
import {
  arrayOf,
  exact,
  ID,
  maybe,
  named,
  ORDER_INPUT,
  record,
  TIME,
  VOUCHER_SPEC_INPUT,
  type Schema,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { linesOf, MOST_TOGETHER } from '@vouchers/pricing';
import { badRequest, CompiledBody } from '@vouchers/service/thread';
import { specFaults } from '@vouchers/voucher';
import { LARGEST_USER, sizeOf, USER } from '../dry-run/dry-run.body.ts';

/** An unsaved spec as if it were published. With `voucherId` it takes that voucher's place, with its counters. */
export interface Draft {
  spec: VoucherSpecInput;
  voucherId?: string;
}

/** The vouchers of which the user has one claim each, and the order that may use them. */
export interface DryQuoteBody {
  order: TypeOf<typeof ORDER_INPUT>;
  user: Facts & { id: string };
  voucherIds: string[];
  draft?: Draft;
  /** The time of the use: now by default. The claims were made at `heldAt`: at the same time by default. */
  at?: string;
  heldAt?: string;
}

const bodyWith = (spec: Schema<VoucherSpecInput>): Schema<DryQuoteBody> =>
  named(
    'DryQuoteInput',
    exact(
      record({
        order: ORDER_INPUT,
        user: USER,
        voucherIds: {
          ...arrayOf(ID, MOST_TOGETHER),
          description: 'the user has one claim of each, and one of the draft',
        },
        draft: maybe(named('DryQuoteDraft', exact(record({ spec, voucherId: maybe(ID) })))),
        at: maybe({ ...TIME, description: 'the time of the use: now by default' }),
        heldAt: maybe({ ...TIME, description: 'the time of the claims: that of the use by default' }),
      }),
    ),
  ) as Schema<DryQuoteBody>;

/** Does not check the spec, since `specFaults` has better messages. */
export const dryQuoteBody = new CompiledBody(bodyWith({ type: 'object' }), bodyWith(VOUCHER_SPEC_INPUT));

/** Checks the rules that the schema cannot express. Ids become lower case. @throws ProblemError 400 */
export function checkDryQuote({ voucherIds, draft, ...body }: DryQuoteBody): DryQuoteBody {
  const ids = voucherIds.map((id) => id.toLowerCase());
  const own = draft?.voucherId?.toLowerCase();
  const faults: Fault[] = ids.flatMap((id, index) =>
    ids.indexOf(id) < index || id === own ? [fault(`/voucherIds/${index}`, 'twice')] : [],
  );
  if (sizeOf(body.user) > LARGEST_USER) faults.push(fault('/user', 'user-size', { most: LARGEST_USER }));
  if (!linesOf(body.order)) faults.push(fault('/order/amount', 'below-items'));
  if (draft) faults.push(...specFaults(draft.spec).map((one) => ({ ...one, pointer: `/draft/spec${one.pointer}` })));
  if (faults.length > 0) throw badRequest(faults);
  return { ...body, voucherIds: ids, ...(draft && { draft: { ...draft, voucherId: own } }) };
}
