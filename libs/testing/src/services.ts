import type { ServiceName } from '@vouchers/contracts';
import { startServices as startProcesses, type Services } from '@vouchers/tools';
import { brokers, databaseUrl, uniqueNamespace } from './environment.ts';
import { startTestIssuer, type OddIssuer, type TestIssuer } from './issuer.ts';

/** The services as processes of their own, with a namespace and an issuer of the test. */
export interface TestServices extends Services {
  readonly issuer: TestIssuer;
  readonly namespace: string;
  signToken: TestIssuer['signToken'];
}

/** The options of a test. Ports are always free ones. */
export interface TestServicesOptions {
  readonly namespace?: string;
  /** More settings for all services. */
  readonly environment?: Record<string, string>;
  /** More settings for one service. */
  readonly environmentOf?: Partial<Record<ServiceName, Record<string, string>>>;
  /** The services that run. Default: all. */
  readonly only?: readonly ServiceName[];
}

/**
 * Starts the built services (`npm run build`) of the registry, or some of them, and waits until each is ready.
 * A service that dies stays dead until the test calls `restart`.
 */
export async function startServices(
  options: TestServicesOptions = {},
): Promise<TestServices & { readonly issuer: OddIssuer }> {
  const namespace = options.namespace ?? uniqueNamespace();
  const issuer = await startTestIssuer();
  const services = await startProcesses({
    databaseUrl: databaseUrl(),
    brokers: brokers().join(','),
    issuerUrl: issuer.url,
    client: { id: 'page-delivery', secret: 'secret' },
    namespace,
    environment: options.environment ?? {},
    environmentOf: options.environmentOf ?? {},
    ...(options.only && { only: options.only }),
  }).catch(async (error: unknown) => {
    await issuer.stop();
    throw error;
  });
  return {
    ...services,
    issuer,
    namespace,
    signToken: issuer.signToken,
    stop: async () => {
      await services.stop();
      await issuer.stop();
    },
  };
}
