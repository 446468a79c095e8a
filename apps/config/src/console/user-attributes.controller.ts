import { Controller, Get, Inject } from '@nestjs/common';
import { Scopes } from '@vouchers/service';
import { ConfigSettings } from '../config.settings.ts';
import type { UserAttribute } from './user-attributes.ts';

@Controller('v1/user-attributes')
export class UserAttributesController {
  constructor(@Inject(ConfigSettings) private readonly settings: ConfigSettings) {}

  /** What conditions may ask of a user. */
  @Get()
  @Scopes('vouchers:read')
  list(): { items: UserAttribute[] } {
    return { items: this.settings.userAttributes };
  }
}
