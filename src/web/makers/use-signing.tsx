import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { signDraft } from '../api/sign-statement.ts';
import { type Claim, type MakerDraft, readMakerDraft } from './maker-draft.ts';
import { type MakerKey, makerToken } from './maker-key.ts';
import { offered } from './offer.ts';
import { SignDialog } from './sign-dialog.tsx';

interface Asked {
  readonly claim: Claim;
  readonly assets: readonly string[];
}

/**
 * Has the node draft what a maker says, shows it, and signs and records it when the maker does. `dialog` is
 * to be rendered; `onSigned` is called when it is in the ledger. `textOf` gives the stored text of a consent
 * that is taken back.
 */
export function useSigning(
  key: MakerKey,
  onSigned: () => void,
  textOf: (consent: string) => string | null = () => null,
): {
  readonly draft: (asked: Asked) => void;
  readonly isDrafting: boolean;
  readonly error: Error | null;
  readonly dialog: ReactNode;
} {
  const queries = useQueryClient();
  const [shown, setShown] = useState<MakerDraft>();
  const drafting = useMutation({
    mutationFn: async ({ claim, assets }: Asked) => {
      const body = { token: await makerToken(key), claim, assets: [...assets] };
      const drafted = await answered(api.POST('/api/v1/makers/drafts', { body }));
      const { archive } = await queries.ensureQueryData(offered);
      return readMakerDraft(drafted, archive, claim, assets);
    },
    onSuccess: setShown,
  });
  const signing = useMutation({
    mutationFn: async (draft: MakerDraft) => {
      const claim = JSON.parse(await signDraft(draft, key));
      return answered(api.POST('/api/v1/makers/claims', { body: { claim } }));
    },
    onSuccess: () => {
      setShown(undefined);
      void queries.invalidateQueries({ queryKey: ['maker'] });
      onSigned();
    },
  });
  return {
    draft: drafting.mutate,
    isDrafting: drafting.isPending,
    error: drafting.error,
    dialog: shown && (
      <SignDialog
        draft={shown}
        textOf={textOf}
        error={signing.error}
        isBusy={signing.isPending}
        onSign={() => signing.mutate(shown)}
        onCancel={() => {
          setShown(undefined);
          signing.reset();
        }}
      />
    ),
  };
}
