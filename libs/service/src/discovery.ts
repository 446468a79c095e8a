/** The used fields of an OpenID provider's metadata. */
export interface ProviderMetadata {
  issuer: string;
  jwks_uri: string;
  token_endpoint?: string;
}

const ANSWER_MS = 5_000;

/**
 * OpenID Connect Discovery 1.0, section 4.
 * @param at the address at which the issuer is reached, if it is not its own; the metadata have its other addresses
 * @throws Error if there is no answer, or the answer is another issuer's
 */
export async function discover(issuer: string, at?: string): Promise<ProviderMetadata> {
  const answer = await fetch(`${(at || issuer).replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  const metadata = (await answer.json()) as ProviderMetadata;
  if (metadata.issuer !== issuer) throw new Error('the issuer has another name in its metadata');
  return metadata;
}
