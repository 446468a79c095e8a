import type { Intent } from '@vouchers/contracts';

export type Step = 'publish' | 'pause' | 'resume' | 'terminate';

/** What a step makes of an intent, or the reason why it cannot be taken. A voucher ended by its rule counts as terminated. */
export const LIFE: Record<Step, Record<Intent, { to: Intent } | { reason: string }>> = {
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
