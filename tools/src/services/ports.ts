import { perService, SERVICES, type ServiceName } from '@vouchers/contracts';
import { Hint } from '../processes/hint.ts';

/** The variable that moves a service's port. */
export const portVariable = (name: ServiceName): string => `${SERVICES[name].variable}_PORT`;

/** ISSUER_PORT, 3000 by default. */
export const issuerPort = (): number => portFrom('ISSUER_PORT', 3000);

/** The services' ports as the environment has them. */
export const servicePorts = (): Record<ServiceName, number> =>
  perService((name) => portFrom(portVariable(name), SERVICES[name].port));

function portFrom(variable: string, standard: number): number {
  const text = process.env[variable] || String(standard);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Hint(`${variable} is a port, not '${text}'`);
  return port;
}
