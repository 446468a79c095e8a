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

const POSITION = '\\d{1,4}:\\d{1,15}';
/** An order call answers with one per partition of its claims. */
const MOST_POSITIONS = 64;

/** The route reads your writes. */
export const TakesPosition = (): MethodDecorator =>
  applyDecorators(
    declareRoute({ takesPosition: true }),
    ApiHeader({
      name: 'Voucher-Position',
      required: false,
      description:
        'The positions of earlier answers; the request waits up to a second until this replica has read them',
      schema: { type: 'string', pattern: `^${POSITION}(, ?${POSITION}){0,${MOST_POSITIONS - 1}}$` },
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
      const positions = this.positionsOf(String(header));
      Promise.all(positions.map((position) => this.states.reach(position))).then(() => done(), done);
    });
  }

  private positionsOf(header: string): EventPosition[] {
    const texts = header.split(/, ?/, MOST_POSITIONS + 1);
    if (texts.length > MOST_POSITIONS) throw badRequest(`Voucher-Position has at most ${MOST_POSITIONS} positions.`);
    return texts.map((text) => {
      const [, partition, seq] = /^(\d{1,4}):(\d{1,15})$/.exec(text) ?? [];
      if (partition === undefined || Number(partition) >= this.settings.partitions)
        throw badRequest('Voucher-Position must be partition:seq, or several of them with commas in between.');
      return { partition: Number(partition), seq: Number(seq) };
    });
  }
}
