import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Refusal } from '../api/client.ts';
import { useSignIn } from '../api/identity.ts';
import { TEXT } from '../text/english.ts';
import { Failure } from './states.tsx';

/**
 * Shows a page to whoever is signed in. Where the node ends the sign-in while the page is open, the page
 * stays with all that was typed in it, and {@link SignInOverNotice} says how to go on.
 */
export function ForSignedIn({ children }: { readonly children: ReactNode }): ReactNode {
  const signIn = useSignIn();
  const [wasIn, setWasIn] = useState(false);
  if (signIn === 'in' && !wasIn) setWasIn(true);
  if (signIn === 'in' || (signIn === 'over' && wasIn)) return children;
  return <Failure isPage error={new Refusal(401, {})} />;
}

/** Says so for as long as a sign-in is over that was not ended here, and asks for everything again after it. */
export function SignInOverNotice(): ReactNode {
  const queries = useQueryClient();
  const isOver = useSignIn() === 'over';
  useEffect(() => {
    if (!isOver) return;
    return () => void queries.invalidateQueries();
  }, [isOver, queries]);
  return (
    <div role="status">
      {isOver && (
        <p className="offline">
          <strong>{TEXT.states.overTitle}</strong> {TEXT.account.howTo} {TEXT.states.elsewhere}
        </p>
      )}
    </div>
  );
}
