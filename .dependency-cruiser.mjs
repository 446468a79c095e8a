// The order of imports has no circle: a file of a circle cannot be read without the others. Types count.

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [{ name: 'no-circle', severity: 'error', from: {}, to: { circular: true } }],
  options: {
    // Imports as they are written: the compiler leaves those of types out.
    tsPreCompilationDeps: true,
    // A package of the workspace is its sources.
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
    doNotFollow: { path: 'node_modules/(?!@vouchers/)' },
    exclude: { path: '(^|/)dist/' },
  },
};
