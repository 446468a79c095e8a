// Services that run already, elsewhere: where they are, and a token for them.
import { issuerUrl } from '../issuer/issuer.ts';
import { keptSigningKey, signToken } from '../issuer/signing-key.ts';
import { dataDir } from '../places.ts';
import { issuerPort } from './ports.ts';

/** Addresses without a slash at their end. */
export interface RunningServices {
  readonly config: string;
  readonly pageDelivery: string;
  readonly ledger: string;
  readonly token: string;
}

/** Where a browser finds them, if elsewhere: CONFIG_PUBLIC_URL, PAGE_DELIVERY_PUBLIC_URL, LEDGER_PUBLIC_URL. */
export function inBrowser(services: RunningServices): RunningServices {
  const of = (name: string, otherwise: string): string => process.env[`${name}_PUBLIC_URL`] || otherwise;
  return {
    ...services,
    config: of('CONFIG', services.config),
    pageDelivery: of('PAGE_DELIVERY', services.pageDelivery),
    ledger: of('LEDGER', services.ledger),
  };
}

/**
 * The services that CONFIG_URL, PAGE_DELIVERY_URL and LEDGER_URL name; undefined if one of them is missing. The token
 * is TOKEN, else one that the issuer's key in DATA_DIR signs.
 */
export async function runningServices(sub: string, scope: string): Promise<RunningServices | undefined> {
  const { CONFIG_URL: config, PAGE_DELIVERY_URL: pageDelivery, LEDGER_URL: ledger } = process.env;
  if (!config || !pageDelivery || !ledger) return undefined;
  const issuer = process.env['OIDC_ISSUER'] || issuerUrl(issuerPort());
  const token = process.env['TOKEN'] || (await signToken(await keptSigningKey(dataDir()), { sub, scope, issuer }));
  return { config, pageDelivery, ledger, token };
}
