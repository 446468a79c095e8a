import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { RuleCheckBody } from '@vouchers/contracts/bodies';
import { Scopes } from '@vouchers/service';
import { checkCondition } from '@vouchers/voucher';

const NODES = ['enable', 'claim', 'use', 'terminate'];

@Controller('v1/rules')
export class RulesController {
  /** May this condition be saved at this node? */
  @Post('check')
  @HttpCode(200)
  @Scopes('vouchers:write')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['node', 'when'],
      properties: { node: { enum: NODES }, when: { type: 'string' } },
    },
  })
  check(@Body() { node, when }: RuleCheckBody): ReturnType<typeof checkCondition> {
    return checkCondition(node, when);
  }
}
