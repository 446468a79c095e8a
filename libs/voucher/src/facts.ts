// Facts are the user attributes that counted for a decision. They are flat: `{"user.tier": "gold"}`.
import type { Facts } from '@vouchers/contracts';

const PREFIX = 'user.';
const NONE: Facts = Object.freeze({});

/** The facts in which these attributes are kept. */
export const factNames = (attributes: readonly string[]): string[] => attributes.map((name) => PREFIX + name);

/** The named attributes of a user as facts. */
export function factsOf(attributes: Facts, names: readonly string[]): Facts {
  if (names.length === 0) return NONE;
  const present = names.filter((name) => Object.hasOwn(attributes, name));
  return Object.fromEntries(present.map((name) => [PREFIX + name, attributes[name]!]));
}

/** The attributes in facts. */
export function attributesOf(facts: Facts): Facts {
  const attributes = Object.entries(facts).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(attributes.map(([name, value]) => [name.slice(PREFIX.length), value]));
}
