// The local issuer as a command, for containers. Everyone who reaches its port can sign in as anyone.
import { readFileSync } from 'node:fs';
import { dataDir } from '../places.ts';
import type { Lifetime } from '../processes/lifetime.ts';
import { issuerPort, servicePorts } from '../services/ports.ts';
import { originsAt, startIssuer } from './issuer.ts';
import { keptSigningKey } from './signing-key.ts';

/** Listens on ISSUER_HOST, under ISSUER_NAMES too. OIDC_CLIENT_SECRET_FILE contains the secret of page-delivery's client. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  const { ISSUER_HOST: host, ISSUER_NAMES: names = '', OIDC_CLIENT_SECRET_FILE: file } = process.env;
  const ports = servicePorts();
  const issuer = await startIssuer({
    port: issuerPort(),
    host: host || undefined,
    names: names.split(',').filter(Boolean),
    clientSecret: file ? readFileSync(file, 'utf8').trim() : undefined,
    key: await keptSigningKey(dataDir()),
    origins: originsAt(ports),
  });
  lifetime.defer(() => issuer.stop());
  lifetime.endsBySignal = true;
  console.log(`issuer ${issuer.url}`);
  return lifetime.ended();
}
