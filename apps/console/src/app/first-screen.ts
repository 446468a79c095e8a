// Loads the code of the first screen beside the base of all screens. Without it, the router would ask for that code
// only when the base has run.
const antd = () => import('./antd.tsx');

/** The screens that are often opened by their address. The router loads the others. */
const SCREENS: readonly [path: RegExp, load: () => readonly Promise<unknown>[]][] = [
  [/^\/(vouchers)?$/, () => [import('../vouchers-list/vouchers-list.page.tsx')]],
  [/^\/vouchers\/(new|[^/]+\/edit)$/, () => [import('../voucher-editor/index.ts'), antd()]],
  [
    /^\/vouchers\/[^/]+$/,
    () => [import('../voucher-detail/voucher.page.tsx'), import('../voucher-detail/overview.page.tsx')],
  ],
  [/^\/pages\/[^/]+$/, () => [import('../pages/page-editor.page.tsx'), antd()]],
  [/^\/today$/, () => [import('../today/today.page.tsx')]],
];

/** Begins to load the screen at this path. The router finds it in the browser's map of modules. */
export function loadScreen(pathname: string): void {
  const found = SCREENS.find(([path]) => path.test(pathname));
  // A failure is shown when the router asks for the screen again.
  for (const loading of found?.[1]() ?? []) loading.catch(() => undefined);
}
