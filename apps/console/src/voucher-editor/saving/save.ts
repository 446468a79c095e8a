// Saves a draft, and tells the result.
import type { Fault, Voucher, VoucherSpec } from '@vouchers/contracts';
import { problemFrom, type ApiProblem } from '../../api/api-problem.ts';
import { answerWithTag, services } from '../../api/api.ts';
import type { Origin } from '../draft/draft.store.ts';
import { specOf } from '../draft/new-spec.ts';

export type Saved =
  | { is: 'saved'; voucher: Voucher; tag: string }
  | { is: 'faults'; faults: readonly Fault[] }
  /** Somebody else saved a version: the newest one. */
  | { is: 'clash'; theirs: Origin }
  | { is: 'problem'; problem: ApiProblem };

export const originOf = ({ value, tag }: { value: Voucher; tag: string }): Origin => ({
  base: specOf(value),
  version: value.version,
  tag,
});

/** Creates the voucher, or changes it if nobody else has changed it meanwhile. */
export async function save(voucherId: string | undefined, spec: VoucherSpec, tag: string | undefined): Promise<Saved> {
  const { config } = services();
  try {
    const { value: voucher, tag: saved } = await answerWithTag(
      voucherId === undefined
        ? config.POST('/v1/vouchers', { body: spec })
        : config.PUT('/v1/vouchers/{id}', {
            params: { path: { id: voucherId }, header: { 'If-Match': tag ?? '' } },
            body: spec,
          }),
    );
    return { is: 'saved', voucher, tag: saved };
  } catch (error) {
    return afterFailure(voucherId, problemFrom(error));
  }
}

async function afterFailure(voucherId: string | undefined, problem: ApiProblem): Promise<Saved> {
  if (problem.errors.length > 0) return { is: 'faults', faults: problem.errors };
  if (problem.status !== 412 || voucherId === undefined) return { is: 'problem', problem };
  try {
    const path = { id: voucherId };
    const newest = await answerWithTag(services().config.GET('/v1/vouchers/{id}', { params: { path } }));
    return { is: 'clash', theirs: originOf(newest) };
  } catch (error) {
    return { is: 'problem', problem: problemFrom(error) };
  }
}

/** Publishes a draft. @throws ApiProblem */
export function publish(voucherId: string, tag: string): Promise<{ value: Voucher; tag: string }> {
  const params = { path: { id: voucherId }, header: { 'If-Match': tag } };
  return answerWithTag(services().config.POST('/v1/vouchers/{id}/publish', { params }));
}
