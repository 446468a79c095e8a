// Module boundaries (architecture.md's table of tags), and what TypeScript itself does not see.
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Which tags a project of each tag may import. */
const MAY_IMPORT = {
  contracts: [],
  domain: ['contracts'],
  adapter: ['contracts'],
  edge: ['contracts', 'adapter'],
  service: ['contracts', 'domain', 'adapter', 'edge'],
  ledger: ['contracts', 'domain', 'adapter'],
  browser: ['contracts', 'browser'],
  tools: ['contracts', 'domain'],
  testing: ['contracts', 'domain', 'tools'],
  e2e: ['contracts', 'domain', 'testing', 'tools'],
};

/** @param {string[]} also what every project of these files may import beside that */
const boundaries = (also) => [
  'error',
  {
    enforceBuildableLibDependency: false,
    allowCircularSelfDependency: true, // a project's own folders
    banTransitiveDependencies: false,
    // Specs use the test library, which stands on these: a circle of projects, none of modules.
    ignoredCircularDependencies: ['@vouchers/contracts', '@vouchers/voucher', '@vouchers/tools'].map((name) => [
      name,
      '@vouchers/testing',
    ]),
    depConstraints: Object.entries(MAY_IMPORT).map(([sourceTag, tags]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: [...tags, ...also],
    })),
  },
];

export default tseslint.config(
  {
    ignores: ['**/dist', 'apps/console/src/api/generated', '**/node_modules', '.nx', '.data', 'tools/complete-journey'],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': boundaries([]) },
  },
  {
    // Specs of any project may use the test library, and what it stands on.
    files: ['**/*.spec.ts', 'libs/*/testing/**/*.ts', 'apps/*/testing/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['testing']) },
  },
  {
    // The domain: no Nest, no Node, no clock, no randomness.
    files: ['libs/{pricing,voucher}/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['node:*', '@nestjs/*', 'typeorm', 'pg', 'kafkajs'] }],
      'no-restricted-globals': ['error', 'process', 'performance', 'crypto', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time arrives with the submission.' },
        { object: 'Math', property: 'random', message: 'Ids arrive with the submission.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time arrives with the submission.',
        },
        {
          selector: 'MemberExpression[object.name="Temporal"][property.name="Now"]',
          message: 'Time arrives with the submission.',
        },
      ],
    },
  },
  prettier,
);
