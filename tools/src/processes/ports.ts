import { randomInt } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { Hint } from './hint.ts';

/**
 * Below the ports that systems choose for outgoing connections, so that none of those takes a port before its server
 * listens.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;

/** Different free ports on the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  while (servers.length < count) {
    const server = await listen(randomInt(LOWEST, HIGHEST + 1));
    if (server) servers.push(server);
  }
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Throws a Hint that names the first port in use. `ports`: by the variable that changes each. */
export async function expectFree(ports: Record<string, number>): Promise<void> {
  for (const [variable, port] of Object.entries(ports))
    if (await answers(port))
      throw new Hint(
        `port ${port} is taken: stop what runs there (another npm start, dev or demo?), or set ${variable} to another port`,
      );
}

/** Whether something accepts connections there. */
export function answers(port: number, host = 'localhost'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A server on the port; undefined if the port is taken. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
