import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  SERVICE_NAMES,
  SERVICES,
  type Claim,
  type Redemption,
  type Scope,
  type Service,
  type Voucher,
} from '@vouchers/contracts';
import { dataDir, ROOT } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { startPlatform, type Platform } from '../services/platform.ts';
import { schemathesisFile } from './schemathesis.ts';

const MAKER = 'vouchers:read vouchers:write vouchers:publish pages:read claims:write redemptions:write';
/** Scopes that only a service has, and scopes that only a user has. */
const OF_SERVICES: readonly Scope[] = ['claims:act', 'clock:set'];
const OF_USERS: readonly Scope[] = ['claims:write'];
/** No 5xx, and no answer that the document does not have. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
const USAGE = 'npm run fuzz -- [--seed 1] [--examples 30] [config page-delivery ledger]';
/** The route that never ends, by design. */
const ENDLESS = 'stream$';

/**
 * `npm run fuzz [-- --seed 1 --examples 30 config]`: schemathesis sends each service requests that its OpenAPI document
 * allows, and many that it does not. Exit 1 if an answer is a 5xx or not as documented. The same seed gives the same
 * requests.
 */
export async function run(args: string[], lifetime: Lifetime): Promise<number> {
  const { values, positionals } = argumentsOf(
    {
      args,
      allowPositionals: true,
      options: { seed: { type: 'string', default: '1' }, examples: { type: 'string', default: '30' } },
    },
    USAGE,
  );
  const schemathesis = schemathesisFile(console.log);
  const platform = await startPlatform(lifetime, { folder: 'fuzz', namespace: 'fuzz', empty: true, say: console.log });
  const knownIds = JSON.stringify(await makeThings(platform));
  console.log(
    `seed ${values.seed}, ${values.examples} examples per operation; ${ENDLESS} is left out, since it does not end`,
  );
  let failed = 0;
  for (const name of SERVICE_NAMES) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    for (const scope of triedScopes(SERVICES[name])) {
      const token = await platform.signToken({ sub: 'fuzz', scope });
      console.log(`${name}, with ${scope}`);
      const child = spawn(
        schemathesis,
        [
          ...['run', join(ROOT, 'docs', 'api', `${name}.openapi.json`), '--url', platform.services.urls[name]],
          ...['--header', `Authorization: Bearer ${token}`, '--exclude-path-regex', ENDLESS],
          ...['--checks', CHECKS.join(','), '--seed', values.seed, '--max-examples', values.examples],
          ...['--request-timeout', '20', '--continue-on-failure', '--no-color'],
        ],
        {
          cwd: join(dataDir(), 'fuzz'),
          env: { ...process.env, KNOWN_IDS: knownIds, SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'known_ids.py') },
          stdio: 'inherit',
        },
      );
      lifetime.defer(() => child.kill());
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) failed += 1;
    }
  }
  console.log(failed === 0 ? 'every answer is as documented' : `${failed} runs with undocumented answers`);
  return failed === 0 ? 0 : 1;
}

/** A service's document is tried with each of these, one after the other: as a user, and as a service for a user. */
function triedScopes({ scopes }: Service): Set<string> {
  const without = (left: readonly Scope[]): string => scopes.filter((scope) => !left.includes(scope)).join(' ');
  return new Set([without(OF_SERVICES), without(OF_USERS)]);
}

/** Makes one thing of each kind. @returns ids by the noun in the path */
async function makeThings({ services: { urls }, signToken }: Platform): Promise<Record<string, string>> {
  const token = await signToken({ sub: 'fuzz', scope: MAKER });
  const ask = async <Body>(
    method: string,
    url: string,
    body: unknown,
    key = 'first',
  ): Promise<Body & { submission: string }> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key };
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    if (response.status !== 201) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return { ...((await response.json()) as Body), submission: response.headers.get('submission-id') ?? '' };
  };
  const edge = urls['page-delivery'];
  const valid = { from: '2020-01-01T00:00:00Z', to: '2120-01-01T00:00:00Z' };
  const spec = { name: 'fuzzed', resourceType: 'coupon', windows: { timeZone: 'UTC', valid } };
  const nodes = { claim: { perUser: null }, use: { perClaim: null } };
  const items = [{ ...spec, nodes }];
  const made = await ask<{ items: Voucher[] }>('POST', `${urls.config}/v1/vouchers/batch`, { items, publish: true });
  const { id: vouchers } = made.items[0]!;
  await ask('PUT', `${urls.config}/v1/pages/fuzzed`, { title: 'Fuzzed', voucherIds: [vouchers] });
  const claim = await ask<Claim>('POST', `${edge}/v1/vouchers/${vouchers}/claims`, {});
  const order = { id: 'fuzzed', amount: 1, currency: 'EUR' };
  const { id: redemptions } = await ask<Redemption>('POST', `${edge}/v1/claims/${claim.id}/redemptions`, { order });
  return { vouchers, pages: 'fuzzed', claims: claim.id, redemptions, submissions: claim.submission };
}
