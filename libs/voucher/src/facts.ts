// What was known of the user where a condition asked: flat, `{"user.tier": "gold"}`.
import type { Facts } from '@vouchers/contracts';

const PREFIX = 'user.';
const NONE: Facts = Object.freeze({});

/** The named ones among a user's attributes. */
export function factsOf(attributes: Facts, names: readonly string[]): Facts {
  if (names.length === 0) return NONE;
  const present = names.filter((name) => Object.hasOwn(attributes, name));
  return Object.fromEntries(present.map((name) => [PREFIX + name, attributes[name]!]));
}

/** The attributes back from facts. */
export function attributesOf(facts: Facts): Facts {
  const attributes = Object.entries(facts).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(attributes.map(([name, value]) => [name.slice(PREFIX.length), value]));
}
