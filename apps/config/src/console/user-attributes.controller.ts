import { Controller, Get, Inject } from '@nestjs/common';
import { Scopes, SettingsError } from '@vouchers/service';
import { readFileSync } from 'node:fs';
import { ConfigSettings } from '../config.settings.ts';

/** What conditions may ask of a user: for the console to offer. `values`: those known, where it is a choice. */
interface UserAttribute {
  name: string;
  type: 'string' | 'number' | 'boolean' | 'list' | 'timestamp';
  values?: (string | number)[];
}

@Controller('v1/user-attributes')
export class UserAttributesController {
  private readonly items: UserAttribute[];

  constructor(@Inject(ConfigSettings) settings: ConfigSettings) {
    this.items = attributesIn(settings.userAttributesFile);
  }

  @Get()
  @Scopes('vouchers:read')
  list(): { items: UserAttribute[] } {
    return { items: this.items };
  }
}

function attributesIn(file: string): UserAttribute[] {
  try {
    const items = JSON.parse(readFileSync(file, 'utf8')) as UserAttribute[];
    if (Array.isArray(items) && items.every(({ name, type }) => typeof name === 'string' && typeof type === 'string'))
      return items;
  } catch (error) {
    throw new SettingsError(`USER_ATTRIBUTES_FILE cannot be read: ${(error as Error).message}`);
  }
  throw new SettingsError(`USER_ATTRIBUTES_FILE must be a list of {name, type, values?} (${file})`);
}
