import type { Reason } from '@vouchers/contracts';
import { useTranslation } from 'react-i18next';
import { useWhatIfWords } from './what-if-words.ts';

/** Tells a verdict for staff: a reason, `granted` or `moot`. */
export function useOutcome(): (outcome: string) => string {
  const words = useWhatIfWords();
  const { t } = useTranslation();
  return (outcome) =>
    outcome === 'granted' || outcome === 'moot' ? words(outcome) : t(`reasons.staff.${outcome as Reason}`);
}

interface Verdict {
  verdict: 'granted' | 'refused' | 'moot';
  reason?: string | undefined;
}
export const outcomeOf = ({ verdict, reason }: Verdict): string =>
  verdict === 'refused' ? (reason ?? 'unreadable') : verdict;
