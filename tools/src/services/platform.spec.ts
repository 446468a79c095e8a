import { afterEach, expect, it } from '@jest/globals';
import { Lifetime } from '../processes/lifetime.ts';
import { startPlatform } from './platform.ts';

afterEach(() => {
  delete process.env['MANAGEMENT_PORT'];
});

it('a platform of one machine refuses one port for the operators of all its services', async () => {
  process.env['MANAGEMENT_PORT'] = '9464';
  const lifetime = new Lifetime();
  await expect(startPlatform(lifetime, { say: () => undefined })).rejects.toThrow(/^MANAGEMENT_PORT .*[^\n]$/);
});
