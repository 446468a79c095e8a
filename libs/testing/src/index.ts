export { testDatabase, type TestDatabase } from './database.ts';
export { brokers, databaseUrl, uniqueNamespace } from './environment.ts';
export { eventually, type EventuallyOptions } from './eventually.ts';
export { startTestIssuer, type OddIssuer, type TestIssuer } from './issuer.ts';
export { testKafka, type TestKafka } from './kafka.ts';
export { startServices, type TestServices, type TestServicesOptions } from './services.ts';
