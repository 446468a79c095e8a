import type { Intent, ProblemReason } from '@vouchers/contracts';

export type Step = 'publish' | 'pause' | 'resume' | 'terminate';

/**
 * The intent to which each step leads, or the reason why the step is refused. A voucher that its own rule ended counts
 * as terminated.
 */
export const LIFE: Record<Step, Record<Intent, { to: Intent } | { reason: ProblemReason }>> = {
  publish: {
    draft: { to: 'published' },
    published: { reason: 'not-draft' },
    paused: { reason: 'not-draft' },
    terminated: { reason: 'terminated' },
  },
  pause: {
    draft: { reason: 'not-published' },
    published: { to: 'paused' },
    paused: { reason: 'paused' },
    terminated: { reason: 'terminated' },
  },
  resume: {
    draft: { reason: 'not-published' },
    published: { reason: 'not-paused' },
    paused: { to: 'published' },
    terminated: { reason: 'terminated' },
  },
  terminate: {
    draft: { to: 'terminated' },
    published: { to: 'terminated' },
    paused: { to: 'terminated' },
    terminated: { reason: 'terminated' },
  },
};
