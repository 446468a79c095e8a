import { connect, createServer, type AddressInfo } from 'node:net';
import { Hint } from './hint.ts';

/** Different free ports on the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
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

function listen(port: number) {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}
