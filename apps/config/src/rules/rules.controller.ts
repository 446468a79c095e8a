import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { RuleCheckBody } from '@vouchers/contracts/bodies';
import { Scopes } from '@vouchers/service';
import { checkCondition } from '@vouchers/voucher';

@Controller('v1/rules')
export class RulesController {
  /** May this condition be saved at this node? */
  @Post('check')
  @HttpCode(200)
  @Scopes('vouchers:write')
  check(@Body() { node, when }: RuleCheckBody): ReturnType<typeof checkCondition> {
    return checkCondition(node, when);
  }
}
