import { applyDecorators, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Voucher } from '@vouchers/contracts';
import { VOUCHER } from '@vouchers/contracts/schemas';
import {
  Answers,
  CompiledBody,
  CurrentCaller,
  Refuses,
  Scopes,
  TakesBody,
  TakesIfMatch,
  type Caller,
} from '@vouchers/service';
import type { FastifyReply } from 'fastify';
import type { Step } from './voucher.life.ts';
import { answerVoucher } from './voucher.shown.ts';
import { VoucherWrites } from './voucher.writes.ts';

const NOTHING = new CompiledBody({ type: 'object', additionalProperties: false });
const Takes = (step: Step, summary: string): MethodDecorator =>
  applyDecorators(
    Post(step),
    HttpCode(200),
    Scopes('vouchers:publish'),
    ApiOperation({ summary }),
    TakesIfMatch(),
    TakesBody(NOTHING),
    Answers(200, VOUCHER, 'ETag'),
    Refuses([404, 409]),
  );

/** The steps of a voucher's life, each a new version. */
@Controller('v1/vouchers/:id')
export class VoucherLifeController {
  constructor(private readonly writes: VoucherWrites) {}

  @Takes('publish', 'Publish a voucher')
  publishVoucher(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('publish', id, ifMatch, caller, reply);
  }

  @Takes('pause', 'Pause a voucher')
  pauseVoucher(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('pause', id, ifMatch, caller, reply);
  }

  @Takes('resume', 'Resume a voucher')
  resumeVoucher(
    @Param('id') id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Voucher> {
    return this.take('resume', id, ifMatch, caller, reply);
  }

  @Takes('terminate', 'Terminate a voucher')
  terminateVoucher(
    @Param('id') id: string,
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
