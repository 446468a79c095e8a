import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { badRequest } from '@vouchers/service';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { PageDeliverySettings } from '../settings.ts';
import { VoucherStates, type Position } from './voucher-states.ts';

/** The route reads your writes. */
export const TakesPosition = (): MethodDecorator =>
  ApiHeader({
    name: 'Voucher-Position',
    required: false,
    description: 'Of an earlier answer: waits up to a second until this replica has read so far',
    schema: { type: 'string', pattern: '^\\d{1,4}:\\d{1,15}$' },
  });

/** A read that carries `Voucher-Position` waits, at most a second, until this replica has read so far. */
@Injectable()
export class ReadYourWrites implements NestInterceptor {
  constructor(
    private readonly states: VoucherStates,
    private readonly settings: PageDeliverySettings,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['voucher-position'];
    if (header !== undefined) await this.states.reach(this.positionOf(String(header)));
    return next.handle();
  }

  private positionOf(header: string): Position {
    const [, partition, seq] = /^(\d{1,4}):(\d{1,15})$/.exec(header) ?? [];
    if (partition === undefined || Number(partition) >= this.settings.partitions)
      throw badRequest('Voucher-Position must be partition:seq.');
    return { partition: Number(partition), seq: Number(seq) };
  }
}
