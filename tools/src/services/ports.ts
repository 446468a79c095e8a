import { Hint } from '../processes/hint.ts';
import type { ServiceName } from './services.ts';

/** The variable that moves a service's port. */
export const PORT_VARIABLES = {
  config: 'CONFIG_PORT',
  'page-delivery': 'PAGE_DELIVERY_PORT',
  ledger: 'LEDGER_PORT',
} as const satisfies Record<ServiceName, string>;

/** ISSUER_PORT, 3000 by default. */
export const issuerPort = (): number => portFrom('ISSUER_PORT', 3000);

/** The services' ports as the environment has them. */
export const servicePorts = (): Record<ServiceName, number> => ({
  config: portFrom(PORT_VARIABLES.config, 3001),
  'page-delivery': portFrom(PORT_VARIABLES['page-delivery'], 3002),
  ledger: portFrom(PORT_VARIABLES.ledger, 3003),
});

function portFrom(variable: string, standard: number): number {
  const text = process.env[variable] || String(standard);
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Hint(`${variable} is a port, not '${text}'`);
  return port;
}
