import { Controller, Get, Header, Inject, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { metrics } from './metrics.ts';
import { Readiness } from './readiness.ts';
import { Public } from './route.ts';
import { ServiceSettings } from './settings.ts';

/** The routes for an orchestrator and for Prometheus. */
@ApiExcludeController()
@Controller()
export class OperationsController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(ServiceSettings) private readonly settings: ServiceSettings,
  ) {}

  @Get('health/live')
  @Public()
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Public()
  async ready(
    @Req() { socket }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ status: 'ok' | 'unready'; checks: Record<string, string>; [note: string]: unknown }> {
    const { ready, checks } = await this.readiness.check();
    reply.code(ready ? 200 : 503);
    // The lists have vouchers of all teams. Callers of one team reach this port, but not the one for operators.
    const { tenancy, managementPort } = this.settings;
    const notes = tenancy === 'open' || socket.localPort === managementPort ? this.readiness.notes() : {};
    return { ...notes, status: ready ? 'ok' : 'unready', checks };
  }

  @Get('metrics')
  @Public()
  @Header('content-type', metrics.contentType)
  metrics(): Promise<string> {
    return metrics.metrics();
  }
}
