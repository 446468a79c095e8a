import type { VoucherSpec } from '@vouchers/contracts';
import { useEffect } from 'react';
import type { ApiProblem } from '../../api/api-problem.ts';
import { useEditing } from './draft.context.ts';

const SPEC = '/spec';

/**
 * Shows the faults that the test of the unsaved spec found, while the user types.
 * @param tested undefined while the test runs
 */
export function useSpecFaults(tested: VoucherSpec | undefined, problem: ApiProblem | undefined): void {
  const { draft } = useEditing();
  useEffect(() => {
    if (draft.spec !== tested) return;
    const found = (problem?.errors ?? []).filter(({ pointer }) => pointer.startsWith(SPEC));
    const faults = found.map((fault) => ({ ...fault, pointer: fault.pointer.slice(SPEC.length) }));
    // The test does not ask for a name.
    const nameless = draft.faults.filter(({ pointer }) => pointer === '/name');
    if (faults.length > 0 || draft.faults.length > nameless.length) draft.setFaults([...nameless, ...faults]);
  }, [draft, tested, problem]);
}
