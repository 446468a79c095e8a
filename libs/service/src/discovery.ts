/** The parts of an OpenID provider's metadata that are used here. */
export interface ProviderMetadata {
  issuer: string;
  jwks_uri: string;
  token_endpoint?: string;
}

const ANSWER_MS = 5_000;

/**
 * OpenID Connect Discovery 1.0, section 4. Throws an Error where there is no answer, or another issuer's.
 * @param at where the issuer is found, if not at its own address: its other addresses then are those that it tells there.
 */
export async function discover(issuer: string, at?: string): Promise<ProviderMetadata> {
  const answer = await fetch(`${(at || issuer).replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  const metadata = (await answer.json()) as ProviderMetadata;
  if (metadata.issuer !== issuer) throw new Error('the issuer calls itself otherwise');
  return metadata;
}
