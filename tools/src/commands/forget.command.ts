import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { localUrl } from '@vouchers/contracts';
import { issuerUrl } from '../issuer/issuer.ts';
import { keptSigningKey, signToken } from '../issuer/signing-key.ts';
import { dataDir } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import { issuerPort } from '../services/ports.ts';
import { keptSettings } from '../services/kept-settings.ts';

const USAGE = 'npm run forget -- --user alice [--by privacy] [--url http://localhost:3002]';
const SCOPE = 'users:forget';
const EACH_MS = 500;
/** The longest wait. The forgetting goes on without this command. */
const WAIT_MS = 10 * 60_000;

interface Forgetting {
  id: string;
  status: 'under-way' | 'done';
  partitions: { done: number; of: number };
}

/**
 * `npm run forget -- --user U`, beside a running `npm start`: has a user forgotten and waits until it is done. With
 * another installation: `--url`, and a token with the scope users:forget in FORGET_TOKEN. Exits with 1 if it is not
 * done in time.
 */
export async function run(args: string[]): Promise<number> {
  const { user, by, url } = options(args);
  if (!user) throw new Hint(`whom? ${USAGE}`);
  const token = process.env['FORGET_TOKEN'] || (await ownToken(by));
  const base = url ?? ownUrl();
  const key = randomUUID();
  const ask = (method: string, path: string): Promise<Forgetting> => call(method, `${base}${path}`, token, key);
  let { id, status, partitions } = await ask('POST', `/v1/users/${encodeURIComponent(user)}/forget`);
  const until = Date.now() + WAIT_MS;
  for (let told = ''; ;) {
    const line = `${id}: ${partitions.done} of ${partitions.of} partitions`;
    if (line !== told) console.log((told = line));
    if (status === 'done') return 0;
    if (Date.now() > until) break;
    await pause(EACH_MS);
    ({ id, status, partitions } = await ask('GET', `/v1/forgettings/${id}`));
  }
  console.error(`it goes on: GET ${base}/v1/forgettings/${id}`);
  return 1;
}

async function call(method: string, address: string, token: string, key: string): Promise<Forgetting> {
  const answer = await fetch(address, {
    method,
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
  });
  if (!answer.ok) throw new Hint(`page-delivery answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Forgetting;
}

async function ownToken(by: string): Promise<string> {
  const key = await keptSigningKey(dataDir());
  const issuer = process.env['OIDC_ISSUER'] || issuerUrl(issuerPort());
  return signToken(key, { sub: by, scope: SCOPE, attrs: {}, issuer });
}

function ownUrl(): string {
  const port = keptSettings(dataDir()).settings['page-delivery']['PORT'];
  return port ? `http://localhost:${port}` : localUrl('page-delivery');
}

function options(args: string[]) {
  const string = { type: 'string' } as const;
  const { values } = argumentsOf(
    { args, options: { user: string, by: { ...string, default: 'operator' }, url: string } },
    USAGE,
  );
  return values;
}
