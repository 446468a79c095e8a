import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@vouchers/testing';
import { freePorts } from '../processes/ports.ts';
import { ServiceProcess } from './service-process.ts';

let folder: string;
let service: ServiceProcess;
let deaths: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'service-process-'));
  deaths = [];
});

afterEach(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

async function started({ supervised = false, main = join(import.meta.dirname, 'stand-in.mjs') } = {}) {
  const [port] = (await freePorts(1)) as [number];
  service = new ServiceProcess({
    name: 'stand-in',
    main,
    url: `http://localhost:${port}`,
    health: '/ready',
    environment: { PORT: String(port), NAMESPACE: 'ours' },
    logFile: join(folder, 'stand-in.log'),
    ...(supervised && { onDeath: (how: string) => deaths.push(how) }),
  });
  await service.start();
}

const answer = async (): Promise<string> => (await fetch(service.url)).text();
const processId = async (): Promise<number> => Number((await answer()).split(' ')[1]);

describe('a service process', () => {
  it('is ready when it says so, with its environment and its log', async () => {
    await started();
    await service.ready();
    expect(await answer()).toMatch(/^ours \d+$/);
    expect(service.lastWords()).toMatch(/^standing in on \d+$/);
    expect(service.peakResidentBytes()).toBeGreaterThan(10_000_000);
  });

  it('says with its last words why it did not start', async () => {
    await started({ main: join(import.meta.dirname, 'missing.mjs') });
    await expect(service.ready()).rejects.toThrow(/stand-in ended at its start[\s\S]*Cannot find module/);
  });

  it('that dies is started again, and that is told, where it is supervised', async () => {
    await started({ supervised: true });
    await service.ready();
    const first = await processId();
    await fetch(`${service.url}/die`).catch(() => undefined);
    const second = await eventually('another process answers', processId);
    expect(second).not.toBe(first);
    expect(deaths).toEqual(['7']);
  });

  it('that is killed stays dead until it is started, where it is not', async () => {
    await started();
    await service.ready();
    const first = await processId();
    await service.kill();
    await expect(answer()).rejects.toThrow();
    await service.start();
    await service.ready();
    expect(await processId()).not.toBe(first);
  });

  it('that is stopped is not taken for dead', async () => {
    await started({ supervised: true });
    await service.ready();
    await service.stop();
    expect(deaths).toEqual([]);
    await expect(answer()).rejects.toThrow();
  });
});
