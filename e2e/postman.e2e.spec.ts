// The Postman collection of docs/api, run as Postman runs it: variables, requests, test scripts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { SERVICE_NAMES } from '@vouchers/contracts';
import { startServices, type TestServices } from '@vouchers/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { committed, operationsOf } from './openapi.document.ts';
import { tokensOf, walkBlocks } from './walk.ts';

interface Item {
  name: string;
  item?: Item[];
  event?: { listen: string; script: { exec: string[] } }[];
  request?: {
    method: string;
    auth?: { bearer?: { value: string }[] };
    header: { key: string; value: string; disabled?: boolean }[];
    url: { raw: string };
    body?: { raw: string };
  };
}
const collection = JSON.parse(
  readFileSync(join(import.meta.dirname, '../docs/api/platform.postman_collection.json'), 'utf8'),
) as { item: Item[] };
const leaves = ({ item, ...own }: Item): Item[] => item?.flatMap(leaves) ?? [own];

describe('the Postman collection', () => {
  let services: TestServices;
  const variables = new Map<string, string>();
  beforeAll(async () => {
    services = await startServices();
    for (const name of SERVICE_NAMES) variables.set(name, services.urls[name]);
    for (const { variable, ...claims } of tokensOf(walkBlocks()[0]!.script))
      variables.set(variable.toLowerCase(), await services.signToken(claims));
  }, 90_000);
  afterAll(() => services?.stop());

  it('has each call of each service', () => {
    const [, ...folders] = collection.item;
    expect(
      folders.map((folder) => [
        folder.name,
        leaves(folder)
          .map(({ name }) => name)
          .sort(),
      ]),
    ).toEqual(
      SERVICE_NAMES.map((name) => [
        name,
        operationsOf(committed(name))
          .map(([, { operationId }]) => operationId)
          .sort(),
      ]),
    );
  });

  it('walks from a new voucher to the reason of a decision', async () => {
    const filled = (text: string): string =>
      text.replaceAll(/\{\{([\w-]+)\}\}/g, (_, name: string) => variables.get(name)!);
    const failed: string[] = [];
    for (const { name, request, event } of leaves(collection.item[0]!)) {
      const { method, auth, header, url, body } = request!;
      const headers = Object.fromEntries(
        header.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, filled(value)]),
      );
      const response = await fetch(filled(url.raw), {
        method,
        headers: {
          ...headers,
          authorization: `Bearer ${filled(auth!.bearer![0]!.value)}`,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: filled(body.raw) }),
      });
      const answer: unknown = await response.json();
      const pm = {
        response: {
          json: () => answer,
          to: { have: { status: (status: number) => expect([name, response.status]).toEqual([name, status]) } },
        },
        expect: (value: unknown) => ({ to: { equal: (wanted: unknown) => expect(value).toBe(wanted) } }),
        test: (what: string, check: () => void) => {
          try {
            check();
          } catch {
            failed.push(`${name}: ${what} (${JSON.stringify(answer)})`);
          }
        },
        collectionVariables: { set: (variable: string, value: string) => variables.set(variable, value) },
      };
      runInContext(event![0]!.script.exec.join('\n'), createContext({ pm }));
    }
    expect(failed).toEqual([]);
    expect(variables.get('submission')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
