import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import { RuleCheckBody } from '@vouchers/contracts/bodies';
import { arrayOf, closed, FLAG, named, NODE, record, text, whole, type TypeOf } from '@vouchers/contracts/schemas';
import { Answers, Scopes } from '@vouchers/service';
import { checkCondition } from '@vouchers/voucher';

const RULE = closed(record({ node: NODE, when: text() }));
const RULE_CHECK = named(
  'RuleCheck',
  record({
    ok: FLAG,
    errors: arrayOf(record({ message: text(), line: whole(1), column: whole(1) })),
  }),
);
type RuleCheck = TypeOf<typeof RULE_CHECK>;

@Controller('v1/rules')
export class RulesController {
  @Post('check')
  @HttpCode(200)
  @Scopes('vouchers:write')
  @ApiOperation({ summary: 'Check whether a condition can be saved at a node' })
  @ApiBody({ schema: RULE })
  @Answers(200, RULE_CHECK)
  checkRule(@Body() { node, when }: RuleCheckBody): RuleCheck {
    return checkCondition(node, when);
  }
}
