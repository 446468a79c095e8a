import { describe, expect, it } from '@jest/globals';
import { faultsOf, sbomFaults, type Bom, type Lock } from './sbom.ts';

const lock: Lock = {
  packages: {
    '': { version: '0.1.0' },
    'apps/config': { version: '0.1.0' },
    'node_modules/@vouchers/config': { link: true },
    'node_modules/pg': { version: '8.0.0', integrity: 'sha512-x' },
    'node_modules/pg/node_modules/@scope/part': { version: '2.0.0', integrity: 'sha512-y' },
  },
};
const hashes = [{ alg: 'SHA-512', content: '00' }];
const good: Bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  metadata: { component: { 'bom-ref': 'all' } },
  components: [
    { 'bom-ref': 'pg@8.0.0', purl: 'pkg:npm/pg@8.0.0', hashes },
    { 'bom-ref': '@scope/part@2.0.0', purl: 'pkg:npm/%40scope/part@2.0.0', hashes },
  ],
  dependencies: [
    { ref: 'all', dependsOn: ['pg@8.0.0'] },
    { ref: 'pg@8.0.0', dependsOn: ['@scope/part@2.0.0'] },
  ],
};

describe('the bill of materials', () => {
  it('of this repository names every package of the lock file', async () => {
    expect(await sbomFaults()).toEqual([]);
  }, 60_000);

  it.each<[string, Bom, string[]]>([
    ['whole', good, []],
    ['of another kind', { ...good, bomFormat: 'SPDX' }, ['it is no CycloneDX document']],
    [
      'without a package',
      { ...good, components: good.components!.slice(0, 1) },
      ['@scope/part@2.0.0 is referred to and not there', '@scope/part@2.0.0 is missing'],
    ],
    [
      'with a package of unknown content',
      { ...good, components: [good.components![0]!, { ...good.components![1]!, hashes: [] }] },
      ['@scope/part@2.0.0 has no purl or no hash'],
    ],
  ])('%s is judged', (_, bom, faults) => {
    expect(faultsOf(bom, lock)).toEqual(faults);
  });
});
