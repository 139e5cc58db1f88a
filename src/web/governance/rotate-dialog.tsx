import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Member } from './governance-queries.ts';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.rotating;

/** Puts a new key in the place of one of a member's, once whoever asks has seen what that does. */
export function RotateDialog({
  member: { keys, roles },
  name,
  needed,
  onClose,
}: {
  readonly member: Member;
  readonly name: string;
  readonly needed: number;
  readonly onClose: () => void;
}): ReactNode {
  const keyId = useId();
  const [old, setOld] = useState(keys[0] ?? '');
  const [typed, setTyped] = useState('');
  const queries = useQueryClient();
  const key = typed.trim();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/key.rotate', { body: { old, key } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const isSteward = roles.includes('steward');
  return (
    <SigningDialog
      title={words.title(name)}
      consequences={[
        isSteward ? words.steward(countText(needed)) : words.atOnce,
        words.stands,
        words.use,
        words.stolen,
      ]}
      signed={[isSteward ? 'proposal' : 'grant', { old, key }]}
      confirm={isSteward ? words.propose : words.confirm}
      isPending={isPending}
      error={error}
      onSign={() => mutate()}
      onClose={onClose}
    >
      <div className="granting">
        <Choice
          label={words.old}
          options={keys.map((value) => ({ value, label: `…${value.slice(-8)}` }))}
          value={old}
          onChoose={setOld}
        />
        <div className="granting-wide">
          <label htmlFor={keyId}>{words.key}</label>
          <input
            id={keyId}
            className="control"
            value={typed}
            placeholder="did:key:z6Mk…"
            onChange={({ target }) => setTyped(target.value)}
          />
          <p className="soft">{words.make}</p>
        </div>
      </div>
    </SigningDialog>
  );
}
