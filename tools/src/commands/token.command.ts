import { issuerUrl } from '../issuer/issuer.ts';
import { keptSigningKey, signToken } from '../issuer/signing-key.ts';
import { dataDir } from '../places.ts';
import { argumentsOf } from '../processes/arguments.ts';
import { Hint } from '../processes/hint.ts';
import { issuerPort } from '../services/ports.ts';

const USAGE = `npm run -s token -- --sub alice --scope "claims:write" [--attrs '{"tier":"gold"}'] [--team x]`;

/** `npm run -s token`: prints a token that the services of start, demo and dev accept for 12 hours. */
export async function run(args: string[]): Promise<number> {
  const { sub, scope, team, attrs } = options(args);
  if (!sub || !scope) throw new Hint(`a token needs --sub and --scope: ${USAGE}`);
  const key = await keptSigningKey(dataDir());
  const issuer = process.env['OIDC_ISSUER'] || issuerUrl(issuerPort());
  console.log(await signToken(key, { sub, scope, team, attrs: attributes(attrs), issuer }));
  return 0;
}

function options(args: string[]) {
  const string = { type: 'string' } as const;
  return argumentsOf({ args, options: { sub: string, scope: string, team: string, attrs: string } }, USAGE).values;
}

function attributes(text = '{}'): Record<string, unknown> {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new Hint(`--attrs is a JSON object, e.g. '{"tier":"gold"}', not ${text}`);
}
