import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../api/client.ts';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Member } from './governance-queries.ts';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.revoking;

/** Ends a member, once whoever asks has seen what that does. */
export function RevokeDialog({
  member: { id, roles, keys, replica },
  name,
  needed,
  onClose,
}: {
  readonly member: Member;
  readonly name: string;
  readonly needed: number;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/member.revoke', { body: { id } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const isSteward = roles.includes('steward');
  const consequences = [
    isSteward ? words.steward(countText(needed)) : words.atOnce,
    words.stands,
    words.keys(countText(keys.length)),
    ...(replica === 'none' ? [] : [words.copies]),
    words.back,
  ];
  const body = { id, key: null, last: words.last };
  return (
    <SigningDialog
      title={words.title(name)}
      consequences={consequences}
      signed={isSteward ? ['proposal', { topic: 'stewards', removes: id }] : ['revoke', body]}
      confirm={isSteward ? words.propose : words.confirm}
      isPending={isPending}
      error={error}
      onSign={() => mutate()}
      onClose={onClose}
    />
  );
}
