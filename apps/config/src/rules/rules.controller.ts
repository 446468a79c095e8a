import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  arrayOf,
  closed,
  FAULT,
  FLAG,
  named,
  record,
  RULE_NODE,
  text,
  whole,
  withFields,
  without,
  type TypeOf,
} from '@vouchers/contracts/schemas';
import { Answers, CompiledBody, Scopes, TakesBody } from '@vouchers/service';
import { checkCondition } from '@vouchers/voucher';

const RULE = named('RuleCheckInput', closed(record({ node: RULE_NODE, when: text() })));
const ruleBody = new CompiledBody(RULE);
const RULE_CHECK = named(
  'RuleCheck',
  record({
    ok: FLAG,
    errors: arrayOf({
      ...withFields(without(FAULT, ['pointer']), { line: whole(1), column: whole(1) }),
      title: 'RuleError',
    }),
  }),
);
type RuleCheck = TypeOf<typeof RULE_CHECK>;

@Controller('v1/rules')
export class RulesController {
  @Post('check')
  @HttpCode(200)
  @Scopes('vouchers:write')
  @ApiOperation({ summary: 'Check whether a condition can be saved at a node, or a rank in a waiting list' })
  @TakesBody(ruleBody)
  @Answers(200, RULE_CHECK)
  checkRule(@Body() { node, when }: TypeOf<typeof RULE>): RuleCheck {
    return checkCondition(node, when);
  }
}
