import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { itemsOf } from '@vouchers/contracts/schemas';
import { Answers, Scopes } from '@vouchers/service';
import { ConfigSettings } from '../config.settings.ts';
import { USER_ATTRIBUTE, type UserAttribute } from './user-attributes.ts';

@Controller('v1/user-attributes')
export class UserAttributesController {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  @Get()
  @Scopes('vouchers:read')
  @ApiOperation({ summary: 'The user attributes that conditions may name' })
  @Answers(200, itemsOf(USER_ATTRIBUTE))
  listUserAttributes(): { items: UserAttribute[] } {
    return { items: this.settings.userAttributes };
  }
}
