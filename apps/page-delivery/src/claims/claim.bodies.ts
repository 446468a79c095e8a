// What may be sent about a claim. Compiled once: class-validator costs a claim more than all else at the edge.
import { CompiledBody } from '@vouchers/service';

export interface ClaimBody {
  pageSlug?: string;
}
export const claimBody = new CompiledBody<ClaimBody>({
  type: 'object',
  properties: { pageSlug: { type: 'string', pattern: '^[a-z0-9-]{1,80}$' } },
  additionalProperties: false,
});

export interface LockBody {
  orderId: string;
  /** One second to a day. */
  ttlSeconds: number;
}
export const lockBody = new CompiledBody<LockBody>({
  type: 'object',
  properties: {
    orderId: { type: 'string', minLength: 1, maxLength: 200 },
    ttlSeconds: { type: 'integer', minimum: 1, maximum: 86_400 },
  },
  required: ['orderId', 'ttlSeconds'],
  additionalProperties: false,
});

export interface ReasonBody {
  reason: string;
}
export const reasonBody = new CompiledBody<ReasonBody>({
  type: 'object',
  properties: { reason: { type: 'string', minLength: 1, maxLength: 1_000 } },
  required: ['reason'],
  additionalProperties: false,
});
