import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { questionIn } from './asset/question.ts';
import { pageIn } from './audit/paging.ts';
import { CollectionPage } from './collection/collection-page.tsx';
import { searchIn } from './collection/narrowing.ts';
import { Empty } from './parts/states.tsx';
import { selectionIn } from './releases/selection.ts';
import { Shell } from './shell/shell.tsx';
import { TEXT } from './text/english.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => (
    <Empty isPage title={TEXT.states.missingTitle}>
      {TEXT.states.missing}
    </Empty>
  ),
});

const collection = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: searchIn,
  component: CollectionPage,
});
const asset = createRoute({
  getParentRoute: () => root,
  path: '/assets/$cid',
  validateSearch: questionIn,
  component: lazyRouteComponent(() => import('./asset/asset-page.tsx'), 'AssetPage'),
});

const makers = [
  createRoute({
    getParentRoute: () => root,
    path: '/makers',
    component: lazyRouteComponent(() => import('./makers/makers-page.tsx'), 'MakersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/ask',
    component: lazyRouteComponent(() => import('./makers/ask-page.tsx'), 'AskPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/sign',
    validateSearch: ({ assets }: Record<string, unknown>): { assets?: string[] } =>
      Array.isArray(assets) ? { assets: assets.map(String) } : {},
    component: lazyRouteComponent(() => import('./makers/sign-page.tsx'), 'SignPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/object/$cid',
    component: lazyRouteComponent(() => import('./makers/object-page.tsx'), 'ObjectPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/works/$cid',
    component: lazyRouteComponent(() => import('./makers/work-page.tsx'), 'WorkPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/answer',
    component: lazyRouteComponent(() => import('./makers/answer-page.tsx'), 'AnswerPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/makers/withdraw',
    component: lazyRouteComponent(() => import('./makers/withdraw-page.tsx'), 'WithdrawPage'),
  }),
];

const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/partners',
    component: lazyRouteComponent(() => import('./partners/partners-page.tsx'), 'PartnersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/governance',
    component: lazyRouteComponent(
      () => import('./governance/governance-page.tsx'),
      'GovernancePage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    validateSearch: pageIn,
    component: lazyRouteComponent(() => import('./audit/audit-page.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit/$entry',
    component: lazyRouteComponent(() => import('./audit/entry-page.tsx'), 'EntryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review',
    component: lazyRouteComponent(() => import('./review/review-page.tsx'), 'ReviewPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review/objections',
    component: lazyRouteComponent(
      () => import('./objections/objections-page.tsx'),
      'ObjectionsPage',
    ),
  }),
  collection,
  asset,
  ...makers,
  createRoute({
    getParentRoute: () => root,
    path: '/releases',
    component: lazyRouteComponent(() => import('./releases/releases-page.tsx'), 'ReleasesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/releases/new',
    validateSearch: selectionIn,
    component: lazyRouteComponent(
      () => import('./releases/new-release-page.tsx'),
      'NewReleasePage',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/releases/$release',
    component: lazyRouteComponent(() => import('./releases/release-page.tsx'), 'ReleasePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/deposit',
    component: lazyRouteComponent(() => import('./deposit/deposit-page.tsx'), 'DepositPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    component: lazyRouteComponent(() => import('./account/account-page.tsx'), 'AccountPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  scrollRestoration: true,
  defaultPreload: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
