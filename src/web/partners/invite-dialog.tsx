import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { CopyText } from '../parts/copy-text.tsx';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { replicas } from './partner-queries.ts';

const words = TEXT.partners.inviting;
const DAY_MS = 86_400_000;

const ROLES = (['partner', 'archivist', 'reviewer', 'witness', 'pipeline', 'agent'] as const).map(
  (value) => ({ value, label: TEXT.partners.roles[value] }),
);
const LIFETIMES = (['1', '7', '30'] as const).map((value) => ({
  value,
  label: words.lifetimes[value],
}));

type Role = (typeof ROLES)[number]['value'];
type Days = (typeof LIFETIMES)[number]['value'];

/** Asks whom to invite to what, and shows the invitation, which is told once. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const queries = useQueryClient();
  useEffect(() => dialog.current?.showModal(), []);
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: async (body: {
      readonly role: Role;
      readonly organisation: string | null;
      readonly replica: string;
      readonly lifetimeMs: number;
    }) => (await answered(api.POST('/api/v1/operations/invite', { body }))).result,
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  return (
    <dialog ref={dialog} className="window" aria-labelledby="invite-title" onClose={onClose}>
      <h2 id="invite-title">{words.title}</h2>
      {data ? (
        <>
          <p>{words.once}</p>
          <CopyText text={data.invitation} label={words.string} />
          <p>{words.until(timeText(data.expires))}</p>
          <p className="partners-note">{words.how}</p>
        </>
      ) : (
        <Terms
          isPending={isPending}
          onInvite={(role, organisation, replica, days) =>
            mutate({ role, organisation, replica, lifetimeMs: Number(days) * DAY_MS })
          }
        />
      )}
      {error && <Failure isAct error={error} />}
      <form method="dialog">
        <button type="submit" className="control">
          {data ? words.done : TEXT.partners.cancel}
        </button>
      </form>
    </dialog>
  );
}

function Terms({
  isPending,
  onInvite,
}: {
  readonly isPending: boolean;
  readonly onInvite: (role: Role, organisation: string | null, replica: string, days: Days) => void;
}): ReactNode {
  const { data } = useQuery(replicas);
  const nodes = data?.nodes ?? [];
  const [role, setRole] = useState<Role>('partner');
  const [organisation, setOrganisation] = useState('');
  const [policy, setPolicy] = useState('all');
  const [days, setDays] = useState<Days>('7');
  const known = new Map(nodes.map((node) => [node.organisation, node.name || node.organisation]));
  const collections = new Map(
    nodes.flatMap((node) => node.collections.map((one) => [one.collection, one.name] as const)),
  );
  const policies = [
    ...['all', 'eligible', 'none'],
    ...[...collections.keys()].map((id) => `collection:${id}`),
    ...['image', 'audio', 'video', 'text'].map((medium) => `media:${medium}`),
  ].map((value) => ({ value, label: policyText(value, collections) }));
  const holds = role === 'witness' ? 'none' : policy;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onInvite(role, organisation === '' ? null : organisation, holds, days);
  };
  return (
    <form onSubmit={submit} className="invite-terms">
      <Choice label={words.role} options={ROLES} value={role} onChoose={setRole} />
      <p className="partners-note">{words.roleTexts[role]}</p>
      <Choice
        label={words.organisation}
        options={[
          { value: '', label: words.newOrganisation },
          ...[...known].map(([value, label]) => ({ value, label })),
        ]}
        value={organisation}
        onChoose={setOrganisation}
      />
      <Choice
        label={words.holds}
        options={policies.filter(({ value }) => role !== 'witness' || value === 'none')}
        value={holds}
        onChoose={setPolicy}
      />
      <Choice label={words.lifetime} options={LIFETIMES} value={days} onChoose={setDays} />
      <p className="invite-signed">
        {words.signed(
          TEXT.partners.roles[role],
          organisation === '' ? words.newOrganisation : (known.get(organisation) ?? organisation),
          policyText(holds, collections),
          words.lifetimes[days],
        )}
      </p>
      <button type="submit" className="control control-main" disabled={isPending}>
        {words.invite}
      </button>
    </form>
  );
}

function policyText(policy: string, collections: ReadonlyMap<string, string>): string {
  const collection = policy.startsWith('collection:') ? policy.slice('collection:'.length) : '';
  const name = collections.get(collection);
  if (name) return TEXT.partners.policyOf(name);
  return TEXT.partners.policies[policy] ?? TEXT.partners.policyOf(policy);
}
