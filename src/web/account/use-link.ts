import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { bring } from '../api/identity.ts';
import { TEXT } from '../text/english.ts';

/**
 * Signs in with the secret that stands behind the `#` of the address, which no request carries, and takes
 * it out of the address at once. Says what went wrong, or undefined; returns whether it is at it.
 */
export function useLink(say: (text: string | undefined) => void): boolean {
  const [isBusy, setBusy] = useState(location.hash.length > 1);
  const queries = useQueryClient();
  useEffect(() => {
    const begin = async () => {
      const link = location.hash.slice(1);
      if (link === '') return;
      history.replaceState(history.state, '', location.pathname);
      setBusy(true);
      try {
        await bring(link);
        queries.clear();
        say(undefined);
      } catch (error) {
        say(reasonOf(error));
      }
      setBusy(false);
    };
    const isAsked = () => void begin();
    isAsked();
    // Whoever opens a link while the page is open stays on the page.
    addEventListener('hashchange', isAsked);
    return () => removeEventListener('hashchange', isAsked);
  }, [say, queries]);
  return isBusy;
}

function reasonOf(error: unknown): string {
  if (!isSecureContext) return TEXT.account.insecure;
  if (!(error instanceof Error)) return TEXT.states.failed;
  return error.name === 'NotSupportedError' ? TEXT.account.noEd25519 : error.message;
}
