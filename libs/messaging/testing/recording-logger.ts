import type { Logger } from '../src/kafka.ts';

/** For specs: keeps what is logged at warn and error. */
export function recordingLogger(): Logger & { warnings: string[]; errors: string[] } {
  const warnings: string[] = [];
  const errors: string[] = [];
  return {
    warnings,
    errors,
    error: (_, message) => void errors.push(message),
    warn: (_, message) => void warnings.push(message),
    info: () => {},
    debug: () => {},
  };
}
