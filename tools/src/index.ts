// The parts of the tools that the end-to-end tests and libs/testing use.
export { readJourney } from './demo/journey.ts';
export { SCOPES as demoScopes } from './demo/replay.ts';
export { makeShowcase, type Showcase } from './demo/showcase.ts';
export { faultsNamed } from './faults/catalogue.ts';
export { asAdmin, expire, readTopics, topicEnds } from './faults/evidence.ts';
export { lostGuards } from './faults/mutations.ts';
export { runFaults, type FaultResult } from './faults/run.ts';
export { TcpProxy } from './faults/tcp.proxy.ts';
export { startBrowser } from './infrastructure/chromium.ts';
export { originsAt, startIssuer, type Issuer } from './issuer/issuer.ts';
export {
  AUDIENCE,
  createSigningKey,
  keptSigningKey,
  publicJwk,
  signToken,
  type SigningKey,
  type TokenClaims,
} from './issuer/signing-key.ts';
export { freePorts } from './processes/ports.ts';
export { makeScene, type Scene } from './screenshots/scene.ts';
export { consoleRoutes, signInToConsole } from './screenshots/console-routes.ts';
export { keepSettings } from './services/kept-settings.ts';
export { databaseName } from './infrastructure/databases.ts';
export { asLogin } from './infrastructure/logins.ts';
export { accessOf, startSecuredKafka } from './infrastructure/secured-kafka.ts';
export { migrateAll } from './services/migrations.ts';
export { startServices, type Services, type ServicesOptions } from './services/services.ts';
export { startPlatform, type Platform, type PlatformOptions } from './services/platform.ts';
