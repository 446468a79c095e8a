// Asks a service whether a condition or a rank can be saved, while the user types.
import type { Node } from '@vouchers/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answer, services } from '../../api/api.ts';
import type { RuleCheck } from '../../api/answers.ts';

const CHECK_AFTER_MS = 300;
const NONE: never[] = [];

/** The last value that did not change for that time. */
function useSettled<T>(value: T, afterMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return settled;
}

/** The answer of a service about the text. */
export interface Checking {
  /** Undefined while the newest text is not checked. */
  checked: RuleCheck | undefined;
  errors: RuleCheck['errors'];
  isFailed: boolean;
}

export function useRuleCheck(node: Node | 'rank', when: string, enabled: boolean): Checking {
  const settled = useSettled(when, CHECK_AFTER_MS);
  const check = useQuery({
    queryKey: ['rules-check', node, settled],
    queryFn: () => answer(services().config.POST('/v1/rules/check', { body: { node, when: settled } })),
    staleTime: Infinity,
    enabled,
  });
  const checked = settled === when ? check.data : undefined;
  return { checked, errors: checked?.errors ?? NONE, isFailed: check.isError };
}
