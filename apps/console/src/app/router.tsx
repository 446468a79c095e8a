import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { createElement, type ComponentType } from 'react';
import { Problem } from '../parts/problem.tsx';
import {
  activityFilters,
  detailFilters,
  editorFilters,
  eventsFilters,
  listFilters,
  parametersIn,
  parametersTo,
  proofFilters,
  signInFilters,
  versionsFilters,
  whatIfFilters,
} from './filters.ts';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { sessionState } from './session.ts';
import { SignedIn, SignInPage } from './sign-in.tsx';

/** Loads a screen that needs antd's fields, and antd in parallel. */
const withAntd = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) =>
  lazyRouteComponent(async () => {
    const [{ Antd }, screen] = await Promise.all([import('./antd.tsx'), load()]);
    return { Screen: () => <Antd>{createElement(screen[name])}</Antd> };
  }, 'Screen');

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** The parent of all screens that need a sign-in. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  component: Frame,
  beforeLoad: ({ location }) => {
    if (sessionState().is === 'none') throw redirect({ to: '/sign-in', search: { from: location.href } });
  },
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/vouchers' });
  },
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInFilters,
  component: SignInPage,
});
const callback = createRoute({ getParentRoute: () => root, path: '/callback', component: SignedIn });

const today = createRoute({
  getParentRoute: () => frame,
  path: '/today',
  component: lazyRouteComponent(() => import('../today/today.page.tsx'), 'TodayPage'),
});
const list = createRoute({
  getParentRoute: () => frame,
  path: '/vouchers',
  validateSearch: listFilters,
  component: lazyRouteComponent(() => import('../vouchers-list/vouchers-list.page.tsx'), 'VouchersListPage'),
});
const VoucherEditor = withAntd(() => import('../voucher-editor/index.ts'), 'VoucherEditorPage');
const create = createRoute({
  getParentRoute: () => frame,
  path: '/vouchers/new',
  validateSearch: editorFilters,
  component: VoucherEditor,
});
const edit = createRoute({
  getParentRoute: () => frame,
  path: '/vouchers/$id/edit',
  validateSearch: editorFilters,
  component: VoucherEditor,
});

const voucher = createRoute({
  getParentRoute: () => frame,
  path: '/vouchers/$id',
  component: lazyRouteComponent(() => import('../voucher-detail/voucher.page.tsx'), 'VoucherPage'),
});
const overview = createRoute({
  getParentRoute: () => voucher,
  path: '/',
  validateSearch: detailFilters,
  component: lazyRouteComponent(() => import('../voucher-detail/overview.page.tsx'), 'OverviewPage'),
});
const events = createRoute({
  getParentRoute: () => voucher,
  path: 'events',
  validateSearch: eventsFilters,
  component: withAntd(() => import('../voucher-detail/events.page.tsx'), 'EventsPage'),
});
const waitingList = createRoute({
  getParentRoute: () => voucher,
  path: 'waiting-list',
  component: lazyRouteComponent(() => import('../voucher-detail/waiting-list.page.tsx'), 'WaitingListPage'),
});
const usage = createRoute({
  getParentRoute: () => voucher,
  path: 'usage',
  component: lazyRouteComponent(() => import('../voucher-detail/usage.page.tsx'), 'UsagePage'),
});
const versions = createRoute({
  getParentRoute: () => voucher,
  path: 'versions',
  validateSearch: versionsFilters,
  component: withAntd(() => import('../voucher-detail/versions.page.tsx'), 'VersionsPage'),
});
const proof = createRoute({
  getParentRoute: () => voucher,
  path: 'proof',
  validateSearch: proofFilters,
  component: lazyRouteComponent(() => import('../voucher-detail/proof.page.tsx'), 'ProofPage'),
});
const whatIf = createRoute({
  getParentRoute: () => voucher,
  path: 'what-if',
  validateSearch: whatIfFilters,
  component: lazyRouteComponent(() => import('../what-if/what-if.page.tsx'), 'WhatIfPage'),
});

const user = createRoute({
  getParentRoute: () => frame,
  path: '/users/$userId',
  component: lazyRouteComponent(() => import('../users/user.page.tsx'), 'UserPage'),
});
const campaigns = createRoute({
  getParentRoute: () => frame,
  path: '/campaigns',
  component: lazyRouteComponent(() => import('../campaigns/campaigns.page.tsx'), 'CampaignsPage'),
});
const campaign = createRoute({
  getParentRoute: () => frame,
  path: '/labels/$label',
  component: lazyRouteComponent(() => import('../campaigns/campaign.page.tsx'), 'CampaignPage'),
});
const decision = createRoute({
  getParentRoute: () => frame,
  path: '/decisions/$submissionId',
  component: lazyRouteComponent(() => import('../decisions/decision.page.tsx'), 'DecisionPage'),
});
const claim = createRoute({
  getParentRoute: () => frame,
  path: '/claims/$id',
  component: lazyRouteComponent(() => import('../claims/claim.page.tsx'), 'ClaimPage'),
});
const pages = createRoute({
  getParentRoute: () => frame,
  path: '/pages',
  component: lazyRouteComponent(() => import('../pages/pages-list.page.tsx'), 'PagesListPage'),
});
const page = createRoute({
  getParentRoute: () => frame,
  path: '/pages/$slug',
  component: withAntd(() => import('../pages/page-editor.page.tsx'), 'PageEditorPage'),
});
const activity = createRoute({
  getParentRoute: () => frame,
  path: '/activity',
  validateSearch: activityFilters,
  component: withAntd(() => import('../activity/activity.page.tsx'), 'ActivityPage'),
});

const routeTree = root.addChildren([
  home,
  signIn,
  callback,
  frame.addChildren([
    today,
    list,
    create,
    edit,
    voucher.addChildren([overview, events, usage, waitingList, versions, proof, whatIf]),
    user,
    campaigns,
    campaign,
    decision,
    claim,
    pages,
    page,
    activity,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch: parametersIn,
  stringifySearch: parametersTo,
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <Problem error={error} onRetry={reset} />,
  scrollRestoration: true,
  defaultPreload: 'intent',
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
