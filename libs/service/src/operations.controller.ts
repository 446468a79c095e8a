import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { metrics } from './metrics.ts';
import { Readiness } from './readiness.ts';
import { Public } from './route.ts';

/** The routes for an orchestrator and for Prometheus. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  @Get('health/live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  async ready(
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'ok' | 'unready'; checks: Record<string, string>; [note: string]: unknown }> {
    const { ready, checks } = await this.readiness.check();
    reply.code(ready ? 200 : 503);
    return { ...this.readiness.notes(), status: ready ? 'ok' : 'unready', checks };
  }

  @Get('metrics')
  @Public()
  @Header('content-type', metrics.contentType)
  metrics(): Promise<string> {
    return metrics.metrics();
  }
}
