// Judgements of many vouchers for one caller, which may be expensive. The event loop and the thread run the same code.
// A spec is sent to the thread once. Later jobs name it by a number.
import type { Definition, VoucherSpec } from '@vouchers/contracts';
import type { VoucherState } from '@vouchers/voucher';
import { standingOf, type Standing, type Visitor } from '../pages/page-data.ts';
import { qualified } from '../qualifications/qualified.ts';
import { quoted } from '../quotes/quoted.ts';
import type { UserVoucher } from '../read-model/holdings.ts';

interface StandingsInput {
  vouchers: ReadonlyMap<string, VoucherState>;
  /** The vouchers to judge, each with the visitor's claims and pushes of it. */
  having: readonly (readonly [voucherId: string, has: UserVoucher])[];
  visitor: Visitor;
  slug: string;
}

/** By voucher. Undefined for a voucher that is not shown to this user. */
export type Standings = ReadonlyMap<string, Standing | undefined>;

function* standings({ vouchers, having, visitor, slug }: StandingsInput): Generator<void, Standings> {
  const found = new Map<string, Standing | undefined>();
  for (const [id, has] of having) {
    found.set(id, standingOf(vouchers.get(id)!, has, visitor, slug));
    yield;
  }
  return found;
}

/** The kinds of judgements. Each takes plain data with `vouchers`, and may pause after each voucher. */
export const JUDGEMENTS = { standings, qualified, quoted };

export type Kind = keyof typeof JUDGEMENTS;
export type InputOf<K extends Kind> = Parameters<(typeof JUDGEMENTS)[K]>[0];
export type Judged<K extends Kind> = ReturnType<(typeof JUDGEMENTS)[K]> extends Generator<void, infer R> ? R : never;

/** A voucher's state with the number of its spec instead of the spec, which may be large. */
export type Numbered = Omit<VoucherState, 'definition'> & {
  definition: Omit<Definition, 'spec'> & { spec: number };
};

/** A job of the thread. The thread asks for a spec by its number if it does not have the spec yet. */
export type Judging = {
  [K in Kind]: { kind: K; input: Omit<InputOf<K>, 'vouchers'>; vouchers: [string, Numbered][] };
}[Kind];

const numbers = new WeakMap<VoucherSpec, number>();
let last = 0;

/** The number of this spec object. Specs never change, and a new version is a new object. */
export function numberOf(spec: VoucherSpec): number {
  let number = numbers.get(spec);
  if (number === undefined) numbers.set(spec, (number = last += 1));
  return number;
}

export const numbered = ({ definition, ...state }: VoucherState): Numbered => ({
  ...state,
  definition: { ...definition, spec: numberOf(definition.spec) },
});
