import { applyDecorators } from '@nestjs/common';
import type { Schema } from '@vouchers/contracts/schemas';
import { Answers, Refuses, TakesIdempotencyKey } from '@vouchers/service';
import { PENDING } from './answering.ts';

/** Declares the answers of a write that becomes a submission: granted, not yet decided, or refused. */
export const AnswersDecision = (status: 200 | 201, schema: Schema): MethodDecorator =>
  applyDecorators(
    Answers(status, schema, 'Submission-Id', 'Voucher-Position', ...(status === 201 ? (['Location'] as const) : [])),
    Answers(202, PENDING, 'Submission-Id', 'Location'),
    Refuses([404]),
    Refuses([409, 422], 'Submission-Id', 'Voucher-Position'),
    Refuses([503], 'Submission-Id'),
  );

/** Declares the same answers for a write that can be repeated without a key, but may have one. */
export const AnswersRepeatableDecision = (schema: Schema): MethodDecorator =>
  applyDecorators(TakesIdempotencyKey(), AnswersDecision(200, schema));
