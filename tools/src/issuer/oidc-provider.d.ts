// Types for the parts of oidc-provider that are used here. The package has none.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Token {
    readonly accountId?: string;
  }
  export interface Client {
    readonly clientId: string;
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    rejectOIDCScope(scope: string): void;
    rejectResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }
  export interface Context {
    readonly req: IncomingMessage;
    type: string;
    body: string;
    set(header: string, value: string): void;
    readonly oidc: {
      readonly result?: { readonly login?: object };
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
      readonly requestParamOIDCScopes: Set<string>;
      readonly requestParamScopes: Set<string>;
    };
  }
  export interface Configuration {
    adapter: object;
    jwks: { keys: object[] };
    clients: object[];
    clientDefaults: object;
    cookies: { keys: string[] };
    discovery: Record<string, unknown>;
    scopes: string[];
    ttl: Record<string, number>;
    features: Record<string, object>;
    interactions: { url: (context: Context, interaction: { uid: string }) => string; policy: object };
    findAccount: (context: Context, sub: string) => object | undefined;
    extraTokenClaims: (context: Context, token: Token) => object | undefined;
    loadExistingGrant: (context: Context) => Promise<Grant>;
    clientBasedCORS: (context: Context, origin: string) => boolean;
    expiresWithSession: () => boolean;
    renderError: (context: Context, out: { error: string; error_description?: string }) => void;
    pkce: { required: () => boolean };
    issueRefreshToken: (context: Context, client: { grantTypeAllowed(type: string): boolean }) => Promise<boolean>;
  }
  export interface InteractionPolicy {
    base(): { get(prompt: string): { checks: { add(check: object): void } } };
    /** `needed`: whether the prompt must be shown. */
    Check: new (reason: string, description: string, needed: (context: Context) => boolean) => object;
  }
  export const interactionPolicy: InteractionPolicy;
  export default class Provider {
    constructor(issuer: string, configuration: Configuration);
    readonly Grant: new (of: { accountId: string; clientId: string }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    /** Throws if the interaction has ended, or belongs to another browser. */
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<{ params: { client_id?: string; ui_locales?: string } }>;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  export default class MemoryAdapter {}
}
