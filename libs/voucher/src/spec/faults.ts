// Finds all faults of a spec: first in its shape, then in the combination of its fields.
import {
  fault,
  type Fault,
  type Node,
  type Quantities,
  type RuleNode,
  takesMoneyOff,
  type VoucherSpec,
  type VoucherSpecInput,
  type Windows,
} from '@vouchers/contracts';
import { checkCondition } from '../conditions/check.ts';
import { plus, spanOf } from '../time/duration.ts';
import { zoneOf } from '../time/zone.ts';
import { completeSpec } from './complete.ts';
import { openingFaults } from './openings.ts';
import { MOST_FAULTS } from './shape.ts';
import { specShape } from './spec-shape.ts';

/** The largest spec without its goods. Unit: bytes of UTF-8. */
const LARGEST_SPEC = 128 * 1024;

/** All faults of a value that a caller sent as a spec. If there are none, `completeSpec` accepts it. */
export function specFaults(input: unknown): Fault[] {
  const faults: Fault[] = [];
  specShape(input, '', faults);
  if (faults.length > 0) return [...faults.slice(0, MOST_FAULTS), ...conditionFaults(input)];
  const { windows } = input as VoucherSpecInput;
  const spec = completeSpec(input as VoucherSpecInput);
  return [
    ...quantityFaults(spec.quantities, spec.nodes.use.perClaim),
    ...windowFaults(spec.windows, windows),
    ...benefitFaults(spec),
    ...budgetFaults(spec),
    ...poolFaults(spec),
    ...conditionFaults(spec),
    ...sizeFaults(spec),
  ];
}

/** If they are set, push ≥ claim and redeem ≤ claim × perClaim. */
function quantityFaults({ push, claim, redeem }: Quantities, perClaim: number | null): Fault[] {
  const faults: Fault[] = [];
  if (claim === null) return faults;
  if (push !== null && push < claim) faults.push(fault('/quantities/push', 'push-below-claim', { claim }));
  if (redeem !== null && perClaim !== null && redeem > claim * perClaim)
    faults.push(fault('/quantities/redeem', 'redeem-above-claim', { most: claim * perClaim }));
  return faults;
}

/** An amount needs a currency, because it cannot be shown without one. */
function benefitFaults({ benefit }: VoucherSpec): Fault[] {
  const isAmount = benefit?.type === 'percent-off' && benefit.maxAmount !== undefined;
  return isAmount && benefit.currency === undefined ? [fault('/benefit/currency', 'currency-beside-amount')] : [];
}

/** A budget needs a benefit of money, in its currency. */
function budgetFaults({ benefit, quantities: { budget } }: VoucherSpec): Fault[] {
  if (!budget) return [];
  if (!takesMoneyOff(benefit)) return [fault('/quantities/budget', 'needs-money-benefit')];
  const { currency = budget.currency } = benefit;
  return currency === budget.currency ? [] : [fault('/quantities/budget', 'other-currency', { currency })];
}

/** No window is empty. Claim and use window lie inside the valid window. A use window is a range or `afterClaim`. */
function windowFaults({ timeZone, valid, claim, use }: Windows, given: VoucherSpecInput['windows']): Fault[] {
  const faults = [
    ...rangeFaults('valid', valid, valid),
    ...(isRange(given.claim) ? rangeFaults('claim', claim, valid) : []),
    ...hoursFaults('claim', claim),
  ];
  if (given.use?.afterClaim !== undefined && isRange(given.use))
    faults.push(fault('/windows/use/afterClaim', 'one-use-window'));
  if ('from' in use) faults.push(...(isRange(given.use) ? rangeFaults('use', use, valid) : []));
  else if (faults.length === 0) faults.push(...lengthFaults(use.afterClaim, valid.to, timeZone));
  faults.push(...hoursFaults('use', use));
  return faults.length > 0 ? faults : openingFaults({ timeZone, valid, claim, use });
}

const isRange = (window: Partial<Windows['valid']> | undefined): boolean => (window?.from ?? window?.to) !== undefined;

function rangeFaults(window: 'valid' | 'claim' | 'use', range: Windows['valid'], valid: Windows['valid']): Fault[] {
  const pointer = `/windows/${window}`;
  const faults: Fault[] = [];
  if (range.from >= range.to) faults.push(fault(`${pointer}/to`, 'after-from'));
  if (range.from < valid.from) faults.push(fault(`${pointer}/from`, 'before-valid'));
  if (range.to > valid.to) faults.push(fault(`${pointer}/to`, 'after-valid'));
  return faults;
}

function hoursFaults(window: 'claim' | 'use', { hours = [] }: Pick<Windows['claim'], 'hours'>): Fault[] {
  return hours.flatMap(({ from, to }, index) =>
    from === to ? [fault(`/windows/${window}/hours/${index}/to`, 'same-as-from')] : [],
  );
}

/** A length is above 0; a delay may be 0. The last possible claim must end before the year 10000. */
function lengthFaults(after: { delay: string; length: string }, last: string, timeZone: string): Fault[] {
  const at = Date.parse(last);
  const end = Date.UTC(9999, 11, 31);
  const reached = { delay: reach(at, after.delay, timeZone), length: reach(at, after.length, timeZone) };
  const faults: Fault[] = [];
  if (reached.delay > end) faults.push(fault('/windows/use/afterClaim/delay', 'too-long'));
  if (reached.length <= at) faults.push(fault('/windows/use/afterClaim/length', 'above-zero'));
  else if (reached.delay + reached.length - at > end) faults.push(fault('/windows/use/afterClaim/length', 'too-long'));
  return faults;
}

/** The faults of waiting list, notices and extension. */
function poolFaults({ waitingList, notices, extension, quantities, windows }: VoucherSpec): Fault[] {
  const last = Date.parse(windows.valid.to);
  const end = Date.UTC(9999, 11, 31);
  const lengthFault = (pointer: string, length: string, mayBeZero = false): Fault[] => {
    const reached = reach(last, length, windows.timeZone);
    if (reached <= last && !mayBeZero) return [fault(pointer, 'above-zero')];
    return reached > end ? [fault(pointer, 'too-long')] : [];
  };
  const faults: Fault[] = [];
  if (waitingList) {
    if (quantities.claim === null) faults.push(fault('/waitingList', 'needs-claim-quantity'));
    faults.push(...lengthFault('/waitingList/offerFor', waitingList.offerFor));
    faults.push(...lengthFault('/waitingList/minUse', waitingList.minUse, true));
  }
  for (const [index, notice] of (notices ?? []).entries()) {
    const pointer = `/notices/${index}`;
    if (notices!.indexOf(notice) < index) faults.push(fault(pointer, 'twice'));
    else faults.push(...lengthFault(pointer, notice));
  }
  if (extension) faults.push(...lengthFault('/extension/length', extension.length));
  return faults;
}

function reach(at: number, duration: string, timeZone: string): number {
  try {
    return plus(at, spanOf(duration), zoneOf(timeZone));
  } catch {
    return Infinity;
  }
}

const NODES: readonly Node[] = ['enable', 'claim', 'use', 'terminate'];

/** The faults of all conditions. The spec may have a wrong shape, so that the caller gets all faults at once. */
function conditionFaults(spec: unknown): Fault[] {
  const { nodes, waitingList } = (spec ?? {}) as Conditions;
  return [
    ...NODES.flatMap((node) => faultsIn(node, nodes?.[node]?.when, `/nodes/${node}/when`)),
    ...faultsIn('rank', waitingList?.rank, '/waitingList/rank'),
  ];
}

/** The conditions of a spec that may have a wrong shape. */
interface Conditions {
  nodes?: Partial<Record<Node, { when?: unknown } | null>> | null;
  waitingList?: { rank?: unknown } | null;
}

function faultsIn(node: RuleNode, when: unknown, pointer: string): Fault[] {
  if (typeof when !== 'string') return [];
  return checkCondition(node, when).errors.map(({ message, code, params, line, column }) => ({
    pointer,
    message: `${message} (line ${line}, column ${column})`,
    code,
    params: { ...params, line, column },
  }));
}

function sizeFaults({ goods: _, ...spec }: VoucherSpec): Fault[] {
  const bytes = new TextEncoder().encode(JSON.stringify(spec)).length;
  return bytes > LARGEST_SPEC ? [fault('', 'spec-bytes', { most: LARGEST_SPEC })] : [];
}
