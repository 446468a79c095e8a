// Imports must have no circle, since a file in a circle cannot be read without the others. Type imports count, too.

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [{ name: 'no-circle', severity: 'error', from: {}, to: { circular: true } }],
  options: {
    // Looks at the imports as they are written, since the compiler drops type imports.
    tsPreCompilationDeps: true,
    // A package of the workspace is its sources.
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
    doNotFollow: { path: 'node_modules/(?!@vouchers/)' },
    exclude: { path: '(^|/)dist/' },
  },
};
