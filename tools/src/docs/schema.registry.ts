// A client of registries with the API of Confluent's Schema Registry.

export interface NamedSchema {
  readonly subject: string;
  /** JSON Schema, as text. */
  readonly schema: string;
}

const TYPE = 'application/vnd.schemaregistry.v1+json';

export class SchemaRegistry {
  readonly #base: string;
  readonly #headers: Record<string, string>;

  /** @param address may have a user and a password */
  constructor(address: URL) {
    const { username, password } = address;
    const base = new URL(address);
    base.username = base.password = '';
    this.#base = base.href.replace(/\/$/, '');
    const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    this.#headers = { 'content-type': TYPE, ...(username && { authorization: `Basic ${basic}` }) };
  }

  /** The registry's reasons why a schema is not backward compatible with its newest version there. */
  async breaks({ subject, schema }: NamedSchema): Promise<string[]> {
    const path = `/compatibility/subjects/${encodeURIComponent(subject)}/versions/latest?verbose=true`;
    const answer = await this.#call('POST', path, { schemaType: 'JSON', schema });
    // There is no version yet.
    if (answer === undefined) return [];
    const { is_compatible: compatible, messages = [] } = answer as { is_compatible: boolean; messages?: string[] };
    return compatible ? [] : [`${subject} is not backward compatible: ${messages.join('; ')}`];
  }

  /** Registers the schema, if it is not there yet, with the compatibility BACKWARD. @returns its id */
  async register({ subject, schema }: NamedSchema): Promise<number> {
    const name = encodeURIComponent(subject);
    await this.#call('PUT', `/config/${name}`, { compatibility: 'BACKWARD' });
    const answer = await this.#call('POST', `/subjects/${name}/versions`, { schemaType: 'JSON', schema });
    return (answer as { id: number }).id;
  }

  /** @returns undefined for 404 @throws Error for every other failure */
  async #call(method: string, path: string, body: object): Promise<unknown> {
    const answer = await fetch(this.#base + path, { method, headers: this.#headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`the registry answers ${method} ${path} with ${answer.status}: ${text}`);
    return JSON.parse(text);
  }
}
