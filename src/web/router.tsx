import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { AccountPage } from './account/account-page.tsx';
import { Empty } from './parts/states.tsx';
import { Shell } from './shell/shell.tsx';
import { TEXT } from './text/english.ts';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => <Empty title={TEXT.states.missingTitle}>{TEXT.states.missing}</Empty>,
});

const routes = [
  createRoute({ getParentRoute: () => root, path: '/sign-in', component: AccountPage }),
];

export const router = createRouter({
  routeTree: root.addChildren(routes),
  scrollRestoration: true,
  defaultPreload: false,
});
