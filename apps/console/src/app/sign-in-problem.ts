import type { TFunction } from 'i18next';
import { ApiProblem, SignInRefused } from '../api/api-problem.ts';

/** Errors that mean that the issuer gave no answer: those of `fetch`, and of the library's own time limit. */
const UNREACHABLE = new Set(['TypeError', 'ErrorTimeout', 'AbortError', 'TimeoutError']);

/** The problem of a sign-in that failed. Anything but a silent issuer is shown in the issuer's or library's words. */
export function signInProblem(error: unknown, t: TFunction): unknown {
  const { name, message, error: code, error_description: description } = error as OidcError;
  if (error instanceof ApiProblem || UNREACHABLE.has(name)) return error;
  const detail = [code, description].filter(Boolean).join(': ') || message;
  return new SignInRefused({ status: 400, title: t('frame.signInRefused'), detail });
}

/** An answer of the issuer (RFC 6749, 4.1.2.1), or any other error. */
interface OidcError extends Error {
  readonly error?: string | null;
  readonly error_description?: string | null;
}
