// One configuration for every project: *.spec.ts beside the code. ESM, transpiled by SWC.
import { readFileSync } from 'node:fs';
const { sourceMaps: _, $schema: __, ...swc } = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
// Under Jest the sources run as they lie: imports keep their .ts ending.
const { rewriteRelativeImportExtensions: ___, ...jsc } = swc.jsc;

export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, jsc, swcrc: false }] },
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/e2e'],
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.data/'],
  testSequencer: '<rootDir>/jest.sequencer.mjs',
  testTimeout: 90_000,
};
