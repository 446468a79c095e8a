import {
  type ClaimWindow,
  COMBINATION_DEFAULTS,
  type Nodes,
  type Quantities,
  type Range,
  SPEC_DEFAULTS,
  type UseWindow,
  type VoucherSpec,
  type VoucherSpecInput,
  WAITING_LIST_DEFAULTS,
  type Windows,
  timeOf,
} from '@vouchers/contracts';
import { rfc3339 } from '../time/rfc3339.ts';
import { zoneNamed } from '../time/zone.ts';

/**
 * A valid spec with every default filled in but those of `redeemers` and `placements`, which config knows; times in UTC with milliseconds, and the zone's name in its usual case. */
export function completeSpec(input: VoucherSpecInput): VoucherSpec {
  const {
    name,
    description,
    resourceType,
    benefit,
    quantities,
    windows,
    goods,
    operations,
    nodes,
    pool,
    labels,
    clock,
    redeemers,
    placements,
    waitingList,
    notices,
    extension,
    combine,
  } = input;
  return {
    name,
    description: description ?? SPEC_DEFAULTS.description,
    resourceType,
    ...(benefit && { benefit }),
    quantities: completeQuantities(quantities),
    windows: completeWindows(windows),
    goods: goods ?? [],
    operations: operations ?? {},
    nodes: completeNodes(nodes),
    pool: { ...SPEC_DEFAULTS.pool, ...given(pool) },
    labels: labels ?? {},
    clock: clock ?? SPEC_DEFAULTS.clock,
    ...(redeemers && { redeemers }),
    ...(placements && { placements }),
    ...(waitingList && { waitingList: { ...WAITING_LIST_DEFAULTS, ...given(waitingList) } }),
    ...(notices && { notices }),
    ...(extension && { extension }),
    ...(combine && { combine: { ...COMBINATION_DEFAULTS, ...given(combine) } }),
  };
}

/** The fields without those that are `undefined`. */
function given<T extends object>(fields: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Without a budget, it is absent, as in specs of earlier releases. */
function completeQuantities({ budget, ...limits }: NonNullable<VoucherSpecInput['quantities']> = {}): Quantities {
  return { ...SPEC_DEFAULTS.quantities, ...given(limits), ...(budget && { budget }) };
}

function completeNodes(nodes: VoucherSpecInput['nodes'] = {}): Nodes {
  const { enable, claim, use, terminate } = SPEC_DEFAULTS.nodes;
  return {
    enable: { ...enable, ...given(nodes.enable) },
    claim: { ...claim, ...given(nodes.claim) },
    use: { ...use, ...given(nodes.use) },
    terminate: { ...terminate, ...given(nodes.terminate) },
  };
}

function completeWindows({ timeZone, valid, claim, use }: VoucherSpecInput['windows']): Windows {
  return {
    timeZone: zoneNamed(timeZone),
    valid: range(valid, valid),
    claim: { ...range(claim, valid), ...hoursOf(claim) },
    use: use?.afterClaim ? { afterClaim: use.afterClaim, ...hoursOf(use) } : { ...range(use, valid), ...hoursOf(use) },
  };
}

/** A range. A missing end is the end of the valid window. */
function range(window: Partial<Range> | undefined, valid: Range): Range {
  return { from: utc(window?.from ?? valid.from), to: utc(window?.to ?? valid.to) };
}

function hoursOf(window: Pick<ClaimWindow | UseWindow, 'hours'> | undefined): Pick<ClaimWindow, 'hours'> {
  return window?.hours ? { hours: window.hours } : {};
}

function utc(time: string): string {
  return rfc3339(timeOf(time)!);
}
