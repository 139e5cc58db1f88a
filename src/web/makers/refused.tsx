import type { ReactNode } from 'react';
import { TEXT } from '../text/english.ts';

/** Says in place what the node did not do, and why. */
export function Refused({ error }: { readonly error: Error | null }): ReactNode {
  return (
    <p role="alert" className="refused" dir="auto">
      {error && (error instanceof TypeError ? TEXT.states.offlineTitle : error.message)}
    </p>
  );
}
