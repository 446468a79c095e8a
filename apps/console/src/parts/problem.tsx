import { Button } from './button.tsx';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { problemFrom, SignInRefused, type ApiProblem } from '../api/api-problem.ts';
import { faultShown } from './fault-text.ts';
import { SignInAgain } from './sign-in-again.tsx';
import './problem.css';

/** The title of a problem and, if known, its reason, in the reader's language. */
export function problemShown(problem: ApiProblem, t: TFunction): { title: string; detail: string } {
  const reasons: Readonly<Record<string, string>> = t('problems.reasons', { returnObjects: true });
  const detail = (problem.reason !== undefined && reasons[problem.reason]) || '';
  if (problem instanceof SignInRefused) return { title: problem.title, detail: problem.detail ?? '' };
  switch (problem.status) {
    case 0:
      return { title: t('problems.unreachable'), detail: t('problems.unreachableText') };
    case 401:
      return { title: t('frame.sessionEnded'), detail: t('frame.sessionEndedText') };
    case 403:
      return { title: t(problem.reason === 'other-team' ? 'problems.otherTeam' : 'problems.forbidden'), detail };
    case 404:
      return { title: t('problems.unknownOrNotYours'), detail: t('problems.unknownText') };
    case 409:
      return { title: t('problems.refused'), detail };
    case 412:
      return { title: t('problems.stale'), detail };
    case 429:
      return { title: t('problems.tooMany'), detail };
    case 503:
      return { title: t('problems.unavailable'), detail };
    case 413:
      return { title: t('problems.tooLarge'), detail };
    case 400:
    case 422:
      return { title: t('problems.badRequest'), detail };
    case 428:
      return { title: t('problems.stale'), detail: detail || t('problems.askAgain') };
    default:
      return { title: t('problems.unknown'), detail: detail || t('problems.brokenText') };
  }
}

/** Counts down a problem's Retry-After. @returns the seconds left */
export function useSecondsLeft(problem: ApiProblem | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  const [since, setSince] = useState<{ problem: ApiProblem | undefined; at: number }>({ problem, at: now });
  if (since.problem !== problem) setSince({ problem, at: Date.now() });
  const left = Math.ceil((problem?.retryAfterSeconds ?? 0) - Math.max(0, now - since.at) / 1_000);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 250);
    return () => clearTimeout(timer);
  }, [left, now]);
  return Math.max(0, left);
}

interface Props {
  error: unknown;
  /** Tries again. With `persistent`, it is called without a press after Retry-After. */
  onRetry?: () => void;
  persistent?: boolean;
}

/** Shows a problem and a button to try again. */
export function Problem({ error, onRetry, persistent = false }: Props) {
  const { t } = useTranslation();
  const problem = problemFrom(error);
  const left = useSecondsLeft(problem);
  const waits = problem.retryAfterSeconds !== undefined;
  useEffect(() => {
    if (persistent && waits && left === 0) onRetry?.();
    // A new problem starts a new count. `onRetry` is left out, since it may change at each rendering.
  }, [persistent, waits, left]);
  const { title, detail } = problemShown(problem, t);
  return (
    <div className="problem" role="alert">
      <strong>{title}</strong>
      {detail && <p>{detail}</p>}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.map((fault) => (
            <li key={fault.pointer + fault.message}>
              <code>{fault.pointer}</code> {faultShown(fault, t)}
            </li>
          ))}
        </ul>
      )}
      {problem.status === 401 && <SignInAgain />}
      {onRetry && (
        <Button size="small" disabled={left > 0} onClick={onRetry}>
          {left > 0 ? t('problems.retryIn', { seconds: left }) : t('frame.retry')}
        </Button>
      )}
    </div>
  );
}
