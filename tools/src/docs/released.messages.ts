// Messages must stay compatible with the last release, since other programs read them. Within v1, only optional fields
// are added, and values of lists that are documented as growing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MAY_GROW, type Schema } from '@vouchers/contracts/schemas';
import { ROOT } from '../places.ts';
import type { AsyncApiDocument } from './asyncapi.document.ts';

/** The messages of each release: `docs/releases/<version>/asyncapi.json`. */
const RELEASES = join(ROOT, 'docs/releases');
/** Keywords that describe a schema and do not change which values are valid. */
const ANNOTATIONS = new Set(['title', 'description', 'examples', '$schema']);

export interface Release {
  readonly version: string;
  readonly document: AsyncApiDocument;
}

/** The newest release. */
export function lastRelease(): Release {
  const versions = readdirSync(RELEASES).sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
  const version = versions.at(-1)!;
  const text = readFileSync(join(RELEASES, version, 'asyncapi.json'), 'utf8');
  return { version, document: JSON.parse(text) as AsyncApiDocument };
}

/** Differences that would break a reader of `before`. */
export function breaks(before: AsyncApiDocument, now: AsyncApiDocument): string[] {
  const channels = Object.entries(before.channels).flatMap(([name, { address, messages }]) => {
    const channel = now.channels[name];
    if (channel?.address !== address) return [`topic ${address} is gone`];
    const gone = Object.keys(messages).filter((type) => !(type in channel.messages));
    return gone.map((type) => `${address} no longer holds ${type}`);
  });
  const messages = Object.entries(before.components.messages).flatMap(([type, message]) => {
    const present = now.components.messages[type];
    if (!present) return [`${type} is gone`];
    const compare = comparison(before, now);
    return [
      ...compare(message.headers, present.headers, `${type}, headers: `),
      ...compare(message.payload, present.payload, `${type}: `),
    ];
  });
  return [...new Set([...channels, ...messages])];
}

type Compare = (before: Schema, now: Schema, place: string) => string[];

function comparison(before: AsyncApiDocument, now: AsyncApiDocument): Compare {
  const compare: Compare = (givenBefore, givenNow, place) => {
    const [was, is] = [resolved(givenBefore, before), resolved(givenNow, now)];
    const keywords = new Set([...Object.keys(was), ...Object.keys(is)].filter((keyword) => !ANNOTATIONS.has(keyword)));
    return [...keywords].flatMap((keyword) => {
      if (keyword === 'required') return required(was, is, place);
      const [one, other] = [was[keyword], is[keyword]];
      if (keyword === 'properties') return properties(one as Properties, other as Properties, place);
      if (keyword === 'enum' && is['description'] === MAY_GROW && hasAll(other, one)) return [];
      if (isSchema(one) && isSchema(other)) return compare(one, other, `${place}/${keyword}`);
      if (areSchemas(one) && areSchemas(other) && one.length === other.length)
        return one.flatMap((schema, index) => compare(schema, other[index]!, `${place}/${keyword}/${index}`));
      return isDeepStrictEqual(one, other)
        ? []
        : [`${place} ${keyword} was ${JSON.stringify(one)}, and is ${JSON.stringify(other)}`];
    });
  };
  const properties = (was: Properties = {}, is: Properties = {}, place: string): string[] =>
    Object.entries(was).flatMap(([name, schema]) =>
      is[name] ? compare(schema, is[name], `${place}/${name}`) : [`${place}/${name} is gone`],
    );
  return compare;
}

type Properties = Record<string, Schema> | undefined;

/** Required fields must stay required, and optional ones optional. New fields must be optional. */
function required(was: Schema, is: Schema, place: string): string[] {
  const names = (schema: Schema): string[] => (schema['required'] as string[] | undefined) ?? [];
  const present = Object.keys((is['properties'] as object | undefined) ?? {});
  return [
    ...names(is)
      .filter((name) => !names(was).includes(name))
      .map((name) => `${place}/${name} is needed, and was not`),
    ...names(was)
      .filter((name) => !names(is).includes(name) && present.includes(name))
      .map((name) => `${place}/${name} may be absent, and was always there`),
  ];
}

const hasAll = (values: unknown, needed: unknown): boolean =>
  Array.isArray(values) && Array.isArray(needed) && needed.every((value) => values.includes(value));
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const areSchemas = (value: unknown): value is Schema[] => Array.isArray(value) && value.every(isSchema);

function resolved(schema: Schema, document: AsyncApiDocument): Schema {
  const [, name] = /^#\/components\/schemas\/(.+)$/.exec(String(schema['$ref'] ?? '')) ?? [];
  return name === undefined ? schema : document.components.schemas[name]!;
}
