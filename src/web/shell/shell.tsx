import './shell.css';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useIdentity } from '../api/identity.ts';
import { useLive } from '../api/refresh.ts';
import { SignInOverNotice } from '../parts/for-signed-in.tsx';
import { OfflineNotice } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Menu } from './menu.tsx';

/** What is around every page: the way elsewhere, who is signed in, and whether the node answers. */
export function Shell(): ReactNode {
  useLive();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(path);
  // Whoever follows a link is taken to the page, not left where the link was.
  useEffect(() => {
    if (path !== last.current) main.current?.focus({ preventScroll: true });
    last.current = path;
  }, [path]);
  return (
    <>
      <a className="skip" href="#main">
        {TEXT.skip}
      </a>
      <header className="shell-head">
        <Link className="brand" to="/">
          <Mark />
          {TEXT.product}
        </Link>
        <Menu path={path} />
        <Account />
      </header>
      <OfflineNotice />
      <SignInOverNotice />
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

function Account(): ReactNode {
  const identity = useIdentity();
  const words = TEXT.account.nav;
  return (
    <Link className="account" to="/sign-in">
      <span className={identity ? 'dot dot-on' : 'dot'} aria-hidden="true" />
      {identity ? words.signedIn : words.nobody}
    </Link>
  );
}

function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
      <path d="M25.5 10.5a11 11 0 1 0 0 11" className="mark-ring" />
      <circle cx="16" cy="16" r="3.6" fill="currentColor" />
    </svg>
  );
}
