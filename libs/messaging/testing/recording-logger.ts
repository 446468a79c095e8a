import type { Logger } from '../src/kafka.ts';

/** A logger for specs that keeps the messages of warnings and errors. */
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
