import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { questionIn } from './asset/question.ts';
import { pageIn } from './audit/paging.ts';
import { CollectionPage } from './collection/collection-page.tsx';
import { narrowingIn } from './collection/narrowing.ts';
import { Empty } from './parts/states.tsx';
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
  validateSearch: narrowingIn,
  component: CollectionPage,
});
const asset = createRoute({
  getParentRoute: () => root,
  path: '/assets/$cid',
  validateSearch: questionIn,
  component: lazyRouteComponent(() => import('./asset/asset-page.tsx'), 'AssetPage'),
});

const routes = [
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
  collection,
  asset,
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
