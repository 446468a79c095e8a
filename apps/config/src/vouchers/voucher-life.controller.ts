import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { Voucher } from '@vouchers/contracts';
import { CompiledBody, CurrentCaller, Scopes, type Caller } from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import type { Step } from './voucher.life.ts';
import { answerVoucher } from './voucher.shown.ts';
import { VoucherWrites } from './voucher.writes.ts';

const NOTHING = new CompiledBody({ type: 'object', additionalProperties: false });

/** The steps of a voucher's life, each a new version. */
@Controller('v1/vouchers/:id')
export class VoucherLifeController {
  constructor(private readonly writes: VoucherWrites) {}

  @Post('publish')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  publish(
    @Param('id') id: string,
    @Body(NOTHING) _: object,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('publish', id, ifMatch, caller, reply);
  }

  @Post('pause')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  pause(
    @Param('id') id: string,
    @Body(NOTHING) _: object,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('pause', id, ifMatch, caller, reply);
  }

  @Post('resume')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  resume(
    @Param('id') id: string,
    @Body(NOTHING) _: object,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('resume', id, ifMatch, caller, reply);
  }

  @Post('terminate')
  @HttpCode(200)
  @Scopes('vouchers:publish')
  terminate(
    @Param('id') id: string,
    @Body(NOTHING) _: object,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('terminate', id, ifMatch, caller, reply);
  }

  private async take(
    step: Step,
    id: string,
    ifMatch: string | undefined,
    caller: Caller,
    reply: FastifyReply,
  ): Promise<Voucher> {
    return answerVoucher(reply, await this.writes.take(id, step, ifMatch, caller));
  }
}
