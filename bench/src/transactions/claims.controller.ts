// The same API as page-delivery's, with the same tokens, headers and checks. Only the code behind it differs.
import { hash, randomBytes } from 'node:crypto';
import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { UUID, uuidv7, type Claim } from '@vouchers/contracts';
import {
  AboutUser,
  CompiledBody,
  CurrentCaller,
  IdempotencyKey,
  NeedsIdempotencyKey,
  notFound,
  Scopes,
  TakesBody,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Claims } from './claims.ts';

const claimBody = new CompiledBody<{ pageSlug?: string }>({
  type: 'object',
  properties: { pageSlug: { type: 'string', pattern: '^[a-z0-9-]{1,80}$' } },
  additionalProperties: false,
});

@Controller('v1')
export class ClaimsController {
  constructor(private readonly claims: Claims) {}

  @Post('vouchers/:id/claims')
  @Scopes('claims:write', 'claims:act')
  @AboutUser()
  @NeedsIdempotencyKey()
  @TakesBody(claimBody)
  async claim(
    @Param('id') voucherId: string,
    @CurrentCaller() { team, sub, userId }: Caller,
    @IdempotencyKey() key: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Claim> {
    if (!UUID.test(voucherId)) throw notFound('unknown-voucher');
    const random = randomBytes(8);
    const submissionId = uuidv8(hash('sha256', JSON.stringify([team, sub, userId, request.url, key])));
    const claim = await this.claims.take({
      submissionId,
      id: uuidv7(Date.now(), 0, random.readUInt32BE(), random.readUInt32BE(4)),
      voucherId,
      userId: userId!,
      state: 'held',
      heldAt: new Date(),
    });
    void reply.header('location', `/v1/claims/${claim.id}`).header('submission-id', submissionId);
    const heldAt = claim.heldAt.toISOString();
    const { id, state } = claim;
    const useUntil = '2120-01-01T00:00:00.000Z';
    return { id, voucherId, voucherVersion: 1, userId: userId!, state, uses: 0, heldAt, useFrom: heldAt, useUntil };
  }
}

const uuidv8 = (digits: string): string =>
  `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
