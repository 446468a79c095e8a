// Asks the ledger about simulations, and derives from its answers who is concerned.
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type {
  CounterValues,
  DifferenceClass,
  Reason,
  Simulation,
  SimulationDifference,
  VoucherSpec,
} from '@vouchers/contracts';
import { answer, services } from '../api/api.ts';

const POLL_MS = 1_000;
const PAGE = 200;

export const isOver = ({ state }: Pick<Simulation, 'state'>): boolean => state !== 'queued' && state !== 'running';

/** A simulation, asked for again until it is over. */
export const simulationQuery = (id: string) =>
  queryOptions({
    queryKey: ['simulation', id],
    queryFn: () =>
      answer(services().ledger.GET('/v1/simulations/{id}', { params: { path: { id } } })) as Promise<Simulation>,
    refetchInterval: ({ state: { data } }) => (data && isOver(data) ? false : POLL_MS),
    staleTime: POLL_MS,
  });

/** The simulations of a voucher, newest first. */
export const simulationsQuery = (voucherId: string) =>
  queryOptions({
    queryKey: ['simulations', voucherId],
    queryFn: () =>
      answer(
        services().ledger.GET('/v1/vouchers/{id}/simulations', {
          params: { path: { id: voucherId }, query: { limit: 20 } },
        }),
      ),
  });

/** In the order in which they are shown. */
export const CLASSES = ['exact', 'consequent', 'unobserved', 'moot'] as const;

export interface DifferencePage {
  items: SimulationDifference[];
  next: string | null;
  /** The differences that were not kept. */
  more: number;
}

export interface Chosen {
  class?: DifferenceClass;
  reason?: Reason;
}

export const differencesQuery = (id: string, chosen: Chosen) =>
  infiniteQueryOptions({
    queryKey: ['simulation-differences', id, chosen.class, chosen.reason],
    queryFn: ({ pageParam }) =>
      answer(
        services().ledger.GET('/v1/simulations/{id}/differences', {
          params: { path: { id }, query: { ...chosen, limit: PAGE, after: pageParam } },
        }),
      ) as Promise<DifferencePage>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }: DifferencePage) => next ?? undefined,
    staleTime: Infinity,
  });

/** Starts a simulation. Goods do not come with it. @throws ApiProblem */
export const simulate = (voucherId: string, spec: VoucherSpec): Promise<Simulation> =>
  answer(
    services().ledger.POST('/v1/vouchers/{id}/simulations', {
      params: { path: { id: voucherId } },
      body: { spec: { ...spec, goods: [] } },
    }),
  ) as Promise<Simulation>;

export const cancelOrRemove = (id: string): Promise<unknown> =>
  answer(services().ledger.DELETE('/v1/simulations/{id}', { params: { path: { id } } }));

type Verdicts = Pick<SimulationDifference, 'was' | 'would'>;

/** Whether its user gets something by it that history refused, or the other way round. */
export function effectOf({ was, would }: Verdicts): 'wins' | 'loses' | 'others' {
  if (was.verdict === 'refused') return would.verdict === 'granted' ? 'wins' : 'others';
  return would.verdict === 'granted' ? 'others' : 'loses';
}

/** The claims that only the simulation grants. What became of them nobody knows. */
export const newClaims = ({ reasons = [] }: Pick<Simulation, 'reasons'>): number =>
  reasons
    .filter(({ kind, was, would }) => kind === 'claim' && would === 'granted' && was !== 'granted')
    .reduce((sum, { n }) => sum + n, 0);

export const UNIT_KEYS = ['free', 'offered', 'held', 'locked', 'used', 'retired'] as const;
export type UnitPoint = { time: number } & Record<(typeof UNIT_KEYS)[number], number>;

/** The units at each moment of a simulation's series. */
export const unitPoints = (series: NonNullable<Simulation['series']>, which: 'was' | 'would'): UnitPoint[] =>
  series.map((item) => {
    const counters: CounterValues = item[which];
    const units = Object.fromEntries(UNIT_KEYS.map((key) => [key, counters[key] ?? 0]));
    return { time: Date.parse(item.at), ...units } as UnitPoint;
  });
