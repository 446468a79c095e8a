import { anyOf, arrayOf, choice, maybe, named, NUMBER, record, text, type TypeOf } from '@vouchers/contracts/schemas';
import { SettingsError } from '@vouchers/service';
import { readFileSync } from 'node:fs';

const ATTRIBUTE_TYPES = ['string', 'number', 'boolean', 'list', 'timestamp'] as const;

/** A user attribute that conditions may name. The console offers it. `values`: all its values, if they are known. */
export const USER_ATTRIBUTE = named(
  'UserAttribute',
  record({ name: text(), type: choice(...ATTRIBUTE_TYPES), values: maybe(arrayOf(anyOf(text(), NUMBER))) }),
);
export type UserAttribute = TypeOf<typeof USER_ATTRIBUTE>;

/** Reads the settings file. Throws a SettingsError that names the variable. */
export function userAttributesIn(file: string): UserAttribute[] {
  let items: unknown;
  try {
    items = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingsError(`USER_ATTRIBUTES_FILE cannot be read: ${(error as Error).message}`);
  }
  if (Array.isArray(items) && items.every(isUserAttribute)) return items;
  throw new SettingsError(`USER_ATTRIBUTES_FILE must be a JSON list of {name, type, values?} (it is ${file})`);
}

function isUserAttribute(item: Partial<UserAttribute> | null): item is UserAttribute {
  const { name, type, values = [] } = item ?? {};
  return typeof name === 'string' && ATTRIBUTE_TYPES.some((known) => known === type) && Array.isArray(values);
}
