import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Member } from './governance-queries.ts';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.granting;

const ROLES = [
  ...(['archivist', 'reviewer', 'partner', 'pipeline', 'agent', 'witness', 'steward'] as const),
].map((value) => ({ value, label: TEXT.partners.roles[value] }));
const POLICIES = ['none', 'all', 'eligible'].map((value) => ({
  value,
  label: TEXT.partners.policies[value] ?? value,
}));

type Role = (typeof ROLES)[number]['value'];

/** Gives a key a role, once whoever asks has seen what that does. */
export function GrantDialog({
  members,
  needed,
  onClose,
}: {
  readonly members: readonly Member[];
  readonly needed: number;
  readonly onClose: () => void;
}): ReactNode {
  const [keyId, nameId] = [useId(), useId()];
  const [key, setKey] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('archivist');
  const [organisation, setOrganisation] = useState('');
  const [replica, setReplica] = useState('none');
  const queries = useQueryClient();
  const holds = role === 'witness' ? 'none' : replica;
  const body = {
    ...{ key: key.trim(), role, replica: holds },
    ...(organisation === '' ? {} : { organisation }),
    ...(name.trim() === '' ? {} : { name: name.trim() }),
  };
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/member.grant', { body })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const known = new Map(members.map((one) => [one.organisation, one.name || one.organisation]));
  return (
    <SigningDialog
      title={words.title}
      consequences={[
        words.does[role],
        role === 'steward' ? words.steward(countText(needed)) : words.atOnce,
        words.name,
      ]}
      signed={[role === 'steward' ? 'proposal' : 'grant', body]}
      confirm={role === 'steward' ? words.propose : words.confirm}
      isPending={isPending}
      error={error}
      onSign={() => mutate()}
      onClose={onClose}
    >
      <div className="granting">
        <div className="granting-wide">
          <label htmlFor={keyId}>{words.key}</label>
          <input
            id={keyId}
            className="control"
            value={key}
            placeholder="did:key:z6Mk…"
            onChange={({ target }) => setKey(target.value)}
          />
        </div>
        <div className="granting-wide">
          <label htmlFor={nameId}>{words.called}</label>
          <input
            id={nameId}
            className="control"
            dir="auto"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        </div>
        <Choice label={words.role} options={ROLES} value={role} onChoose={setRole} />
        <Choice
          label={words.organisation}
          options={[
            { value: '', label: TEXT.partners.inviting.newOrganisation },
            ...[...known].map(([value, label]) => ({ value, label })),
          ]}
          value={organisation}
          onChoose={setOrganisation}
        />
        <Choice
          label={TEXT.partners.inviting.holds}
          options={POLICIES.filter(({ value }) => role !== 'witness' || value === 'none')}
          value={holds}
          onChoose={setReplica}
        />
      </div>
    </SigningDialog>
  );
}
