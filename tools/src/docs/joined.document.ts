// Joins the services' OpenAPI documents into one, as a gateway shows them. Two services answer some of the same paths, so
// each has a path of its own before them.
import { isDeepStrictEqual } from 'node:util';

/** The parts of an OpenAPI document that are used here. */
export interface OpenApiDocument {
  readonly [part: string]: unknown;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags?: readonly string[] }>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const GATEWAY = {
  url: 'http://localhost:8080',
  description: 'a gateway that leads these paths to the services, each with its PUBLIC_BASE_PATH, and removes it',
};

/** @param documents by the service's name @throws Error if two services have different components of one name */
export function joined(documents: Readonly<Record<string, OpenApiDocument>>): OpenApiDocument {
  const services = Object.entries(documents);
  const paths = services.flatMap(([service, { paths: own }]) =>
    Object.entries(own).map(([path, operations]) => {
      const tagged = Object.entries(operations).map(([method, operation]) => [
        method,
        { ...operation, tags: (operation.tags ?? []).map((tag) => tagOf(service, tag)) },
      ]);
      return [`/${service}${path}`, Object.fromEntries(tagged)];
    }),
  );
  const tags = services.flatMap(([service, { tags: own }]) =>
    (own as { name: string }[]).map(({ name }) => ({ name: tagOf(service, name) })),
  );
  const [{ openapi, info }] = Object.values(documents) as [OpenApiDocument];
  return {
    openapi,
    info: { ...info, title: 'Voucher platform' },
    servers: [GATEWAY],
    tags,
    paths: Object.fromEntries(paths),
    components: services.map(([, { components }]) => components).reduce(together),
  };
}

const tagOf = (service: string, tag: string): string => `${service}: ${tag}`;

function together(
  one: OpenApiDocument['components'],
  other: OpenApiDocument['components'],
): OpenApiDocument['components'] {
  const kinds = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    kinds.map((kind) => {
      const [ours, theirs] = [one[kind] ?? {}, other[kind] ?? {}];
      for (const [name, part] of Object.entries(theirs))
        if (name in ours && !isDeepStrictEqual(ours[name], part)) throw new Error(`two ${kind} are called ${name}`);
      const all = Object.entries({ ...ours, ...theirs });
      return [kind, Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))];
    }),
  );
}
