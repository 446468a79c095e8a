import type { Lifetime } from '../processes/lifetime.ts';
import { startPlatform } from '../services/platform.ts';

/** `npm start`: infrastructure, issuer and services, with the data of the runs before, until it is stopped. */
export async function run(_args: string[], lifetime: Lifetime): Promise<number> {
  lifetime.endsBySignal = true;
  const { addresses, services } = await startPlatform(lifetime, { issuerOfEnvironment: true, say: console.log });
  console.log(`ready: ${addresses} (logs in ${services.logDir}; Ctrl-C ends all)`);
  return lifetime.ended();
}
