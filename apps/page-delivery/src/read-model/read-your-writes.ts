// Delays a request with `Voucher-Position` until this replica has read that position, but at most for a second.
import { applyDecorators, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiHeader } from '@nestjs/swagger';
import type { EventPosition } from '@vouchers/outcomes';
import { badRequest, declareRoute } from '@vouchers/service';
import type { FastifyInstance } from 'fastify';
import { PageDeliverySettings } from '../settings.ts';
import { VoucherStates } from './voucher-states.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads your writes. */
    takesPosition?: boolean;
  }
}

/** The route reads your writes. */
export const TakesPosition = (): MethodDecorator =>
  applyDecorators(
    declareRoute({ takesPosition: true }),
    ApiHeader({
      name: 'Voucher-Position',
      required: false,
      description: 'The position of an earlier answer; the request waits up to a second until this replica has read it',
      schema: { type: 'string', pattern: '^\\d{1,4}:\\d{1,15}$' },
    }),
  );

/** Uses a hook of Fastify, since an interceptor of Nest would take longer per page view than the page itself. */
@Injectable()
export class ReadYourWrites implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly states: VoucherStates,
    private readonly settings: PageDeliverySettings,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.addHook('preHandler', (request, _reply, done) => {
      const header = request.headers['voucher-position'];
      if (header === undefined || !request.routeOptions.config.takesPosition) return done();
      this.states.reach(this.positionOf(String(header))).then(() => done(), done);
    });
  }

  private positionOf(header: string): EventPosition {
    const [, partition, seq] = /^(\d{1,4}):(\d{1,15})$/.exec(header) ?? [];
    if (partition === undefined || Number(partition) >= this.settings.partitions)
      throw badRequest('Voucher-Position must be partition:seq.');
    return { partition: Number(partition), seq: Number(seq) };
  }
}
