import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { anyOf, arrayOf, choice, itemsOf, maybe, named, record, text } from '@vouchers/contracts/schemas';
import { Answers, Scopes } from '@vouchers/service';
import { ConfigSettings } from '../config.settings.ts';
import { ATTRIBUTE_TYPES, type UserAttribute } from './user-attributes.ts';

const ATTRIBUTE = named(
  'UserAttribute',
  record<UserAttribute>({
    name: text(),
    type: choice(...ATTRIBUTE_TYPES),
    values: maybe(arrayOf(anyOf(text(), { type: 'number' }))),
  }),
);

@Controller('v1/user-attributes')
export class UserAttributesController {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'What conditions may ask of a user' })
  @Answers(200, itemsOf(ATTRIBUTE))
  list(): { items: UserAttribute[] } {
    return { items: this.settings.userAttributes };
  }
}
