// What the demo, the end-to-end journeys and libs/testing take from the tools.
export { chromiumFile } from './infrastructure/chromium.ts';
export {
  AUDIENCE,
  createSigningKey,
  keptSigningKey,
  publicJwk,
  signToken,
  type SigningKey,
  type TokenClaims,
} from './issuer/signing-key.ts';
export { keepSettings } from './services/kept-settings.ts';
export { SERVICES, startServices, type ServiceName, type Services, type ServicesOptions } from './services/services.ts';
export { startPlatform, type Platform, type PlatformOptions } from './services/platform.ts';
