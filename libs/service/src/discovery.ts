/** The addresses at which a user or a service gets a token. */
export interface SignIn {
  authorization_endpoint: string;
  token_endpoint: string;
}

/** The used fields of an OpenID provider's metadata. */
export interface ProviderMetadata extends Partial<SignIn> {
  issuer: string;
  jwks_uri: string;
}

/** The addresses of the issuer that `npm start` brings, which are used until an issuer was asked for its own. */
export const localSignIn = (issuer: string): SignIn => ({
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
});

const ANSWER_MS = 5_000;
const withoutSlash = (name: string): string => name.replace(/\/$/, '');

/**
 * OpenID Connect Discovery 1.0, section 4. If the names differ only by a slash at the end, the provider's own counts.
 * @param at the address at which the issuer is reached, if it is not its own; the metadata have its other addresses
 * @throws Error if there is no answer, or the answer is another issuer's
 */
export async function discover(issuer: string, at?: string): Promise<ProviderMetadata> {
  const answer = await fetch(`${withoutSlash(at || issuer)}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!answer.ok) throw new Error(`the issuer answered ${answer.status}`);
  const metadata = (await answer.json()) as ProviderMetadata;
  if (withoutSlash(String(metadata.issuer)) !== withoutSlash(issuer))
    throw new Error(`OIDC_ISSUER is ${issuer}, but the issuer there calls itself ${metadata.issuer}`);
  return metadata;
}
