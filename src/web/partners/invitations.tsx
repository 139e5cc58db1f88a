import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { components } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { keyText } from './node-words.tsx';
import { invitations } from './partner-queries.ts';

const words = TEXT.partners.invitations;

type Invitation = components['schemas']['Invitation'];

/** Who was invited, what became of it, and the way to invite somebody else. */
export function Invitations(): ReactNode {
  const { data, error, refetch } = useQuery(invitations);
  const [isInviting, setInviting] = useState(false);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">{words.title}</h2>
      <p>
        <button type="button" className="control" onClick={() => setInviting(true)}>
          {words.invite}
        </button>
      </p>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {data.length === 0 ? (
        <p className="partners-note">{words.none}</p>
      ) : (
        <ul className="rows peers">
          {data.map((one) => (
            <Line key={one.id} invitation={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Line({ invitation }: { readonly invitation: Invitation }): ReactNode {
  const { role, replica, expires, state, admitted, key } = invitation;
  const queries = useQueryClient();
  const [isSure, setSure] = useState(false);
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/member.revoke', { body: { id: key } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ['invitations'] }),
  });
  return (
    <li>
      <p>
        <strong>{TEXT.partners.roles[role]}</strong> {words.states[state]}
        {admitted.length > 0 && `: ${admitted.map(keyText).join(', ')}`}
      </p>
      <p className="partners-note">
        {TEXT.partners.policies[replica] ?? TEXT.partners.policyOf(replica)}.{' '}
        {words.until(timeText(expires))}
      </p>
      {state === 'open' && (
        <p className="peers-actions">
          {isSure && <span>{words.sure}</span>}
          <button
            type="button"
            className="control"
            disabled={isPending}
            onClick={() => (isSure ? mutate() : setSure(true))}
          >
            {isSure ? words.revokeSure : words.revoke}
          </button>
          {isSure && (
            <button type="button" className="control" onClick={() => setSure(false)}>
              {TEXT.partners.cancel}
            </button>
          )}
        </p>
      )}
      {error && <Failure error={error} />}
    </li>
  );
}
