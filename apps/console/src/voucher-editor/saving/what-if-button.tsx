// Asks what the draft would have done to what really happened, and shows the answer on its own screen.
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiProblem, problemFrom } from '../../api/api-problem.ts';
import { PermittedButton } from '../../parts/permitted-button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { simulate } from '../../what-if/simulations.ts';
import { useEditing } from '../draft/draft.context.ts';
import { useWords } from '../editor-words.ts';

const SPEC = '/spec';

/** @returns a button, and the problem of the last try */
export function useWhatIf(voucherId: string | undefined) {
  const words = useWords();
  const navigate = useNavigate();
  const { draft } = useEditing();
  const asking = useMutation({
    mutationFn: () => simulate(voucherId!, draft.spec),
    onSuccess: ({ id: simulation }) =>
      navigate({ to: '/vouchers/$id/what-if', params: { id: voucherId! }, search: { simulation } }),
    onError: (error) => {
      const found = error instanceof ApiProblem ? error.errors : [];
      const faults = found.filter(({ pointer }) => pointer.startsWith(SPEC));
      if (faults.length > 0)
        draft.setFaults(faults.map((one) => ({ ...one, pointer: one.pointer.slice(SPEC.length) })));
    },
  });
  const ask = (): void => asking.mutate();
  return {
    button: (
      <PermittedButton scope="ledger:read" loading={asking.isPending} onClick={ask}>
        {words('whatIf')}
      </PermittedButton>
    ),
    problem: asking.error && <Problem error={problemFrom(asking.error)} onRetry={ask} />,
  };
}
