import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Hint } from './hint.ts';
import { expectFree, freePorts } from './ports.ts';

describe('ports', () => {
  it('that are free are all different, and nothing listens there', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    await expectFree(Object.fromEntries(ports.map((port) => [`PORT_${port}`, port])));
  });

  it.each(['127.0.0.1', '::'])('that are taken on %s are named, with the variable that moves them', async (address) => {
    const server = createServer().listen(0, address);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const refused = await expectFree({ LEDGER_PORT: port }).catch((error: unknown) => error);
    server.close();
    expect(refused).toBeInstanceOf(Hint);
    expect((refused as Hint).message).toMatch(new RegExp(`^port ${port} is taken: .* LEDGER_PORT `));
  });
});
