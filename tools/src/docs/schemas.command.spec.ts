import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { publishedSchemas, run } from './schemas.command.ts';

/** Stands in for a registry: it knows one version per subject, and calls a schema incompatible if `judge` says so. */
class RegistryStandIn {
  readonly subjects = new Map<string, string>();
  readonly calls: string[] = [];
  judge: (subject: string) => boolean = () => true;
  authorization: string | undefined;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, body]) => response.writeHead(status).end(JSON.stringify(body)));
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<unknown> {
    return new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<[number, object]> {
    const { schemaType, schema = '' } = JSON.parse(await text(request)) as { schemaType?: string; schema?: string };
    const { method, url = '' } = request;
    this.authorization = request.headers.authorization;
    this.calls.push(`${method} ${url}`);
    const [, subject = ''] = /(?:subjects|config)\/([^/]+)/.exec(url) ?? [];
    if (url.startsWith('/config/')) return [200, { compatibility: 'BACKWARD' }];
    if (schemaType !== 'JSON') return [422, { message: 'not JSON' }];
    if (url.startsWith('/compatibility/')) {
      if (!this.subjects.has(subject)) return [404, { error_code: 40401 }];
      return [200, this.judge(subject) ? { is_compatible: true } : { is_compatible: false, messages: ['it differs'] }];
    }
    this.subjects.set(subject, schema);
    return [200, { id: this.subjects.size }];
  }
}

const registry = new RegistryStandIn();
let address: string;
beforeEach(async () => {
  address = await registry.start();
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await registry.stop();
});

describe('the schemas of the messages', () => {
  const schemas = publishedSchemas();

  it.each(schemas)('of $subject compiles and names itself', ({ subject, schema }) => {
    const ajv = new Ajv2020({ strictTypes: false, formats: { duration: true } });
    addFormats.default(ajv as never);
    const parsed = JSON.parse(schema) as { $id: string };
    expect(parsed.$id).toBe(`urn:voucher-platform:${subject}`);
    expect(ajv.compile(parsed)).toBeInstanceOf(Function);
  });

  it('are put into a registry, and changed only if all are compatible', async () => {
    expect(await run(['--registry', `http://${address}/`])).toBe(0);
    expect([...registry.subjects.keys()]).toEqual(schemas.map(({ subject }) => subject));
    expect(registry.calls).toContain('PUT /config/voucher.claimed.v1');
    expect(registry.authorization).toBeUndefined();

    expect(await run(['--registry', `http://ann:se%3Acret@${address}`])).toBe(0);
    expect(registry.authorization).toBe(`Basic ${Buffer.from('ann:se:cret').toString('base64')}`);

    registry.calls.length = 0;
    registry.judge = (subject) => subject !== 'voucher.claimed.v1';
    const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await run(['--registry', `http://${address}`])).toBe(1);
    expect(said.mock.calls).toEqual([['voucher.claimed.v1 is not backward compatible: it differs']]);
    expect(registry.calls.filter((call) => !call.startsWith('POST /compatibility/'))).toEqual([]);
  });

  it.each([[[]], [['--registry', 'nowhere']], [['--other', 'x']]])('need an address: %j', async (args) => {
    await expect(run(args)).rejects.toThrow('usage: npm run -s schemas -- --registry');
  });
});
