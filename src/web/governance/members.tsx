import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { type Member, members, proposals, useMemberNames } from './governance-queries.ts';
import { GrantDialog } from './grant-dialog.tsx';
import { QuorumDialog } from './quorum-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';

const words = TEXT.governance.members;

/** Who is a member, as what, with which keys; and how that is changed. */
export function Members(): ReactNode {
  const { data, error, refetch } = useQuery(members);
  const { data: governed } = useQuery(proposals);
  const nameOf = useMemberNames();
  const [isGranting, setGranting] = useState(false);
  const [isQuorum, setQuorum] = useState(false);
  const [revoked, setRevoked] = useState<Member>();
  const [rotated, setRotated] = useState<Member>();
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined || governed === undefined) return <Loading />;
  const { needed, stewards } = governed;
  return (
    <section aria-labelledby="members">
      <h2 id="members">{words.title}</h2>
      <div className="member">
        <p className="soft">{words.quorum(countText(needed), countText(stewards.length))}</p>
        {stewards.length > 2 && (
          <p className="member-actions">
            <button type="button" className="control" onClick={() => setQuorum(true)}>
              {words.changeQuorum}
            </button>
          </p>
        )}
      </div>
      <ul className="rows">
        {data.map((member) => (
          <li key={member.id} className="member">
            <div>
              <p>
                <strong>
                  <bdi>{nameOf(member)}</bdi>
                </strong>{' '}
                {member.roles.map((role) => TEXT.partners.roles[role as 'steward']).join(', ')}
              </p>
              <p className="soft">
                {words.organisation} <code>{member.organisation}</code>.{' '}
                {TEXT.partners.policies[member.replica] ?? TEXT.partners.policyOf(member.replica)}.
              </p>
              {member.keys.map((key) => (
                <code key={key} className="member-key">
                  {key}
                </code>
              ))}
            </div>
            <p className="member-actions">
              <button type="button" className="control" onClick={() => setRotated(member)}>
                {words.rotate}
                <span className="hidden"> {nameOf(member)}</span>
              </button>
              <button type="button" className="control" onClick={() => setRevoked(member)}>
                {words.revoke}
                <span className="hidden"> {nameOf(member)}</span>
              </button>
            </p>
          </li>
        ))}
      </ul>
      <p>
        <button type="button" className="control" onClick={() => setGranting(true)}>
          {words.grant}
        </button>
      </p>
      {isGranting && (
        <GrantDialog members={data} needed={needed} onClose={() => setGranting(false)} />
      )}
      {isQuorum && <QuorumDialog governed={governed} onClose={() => setQuorum(false)} />}
      {rotated && (
        <RotateDialog
          member={rotated}
          name={nameOf(rotated)}
          needed={needed}
          onClose={() => setRotated(undefined)}
        />
      )}
      {revoked && (
        <RevokeDialog
          member={revoked}
          name={nameOf(revoked)}
          needed={needed}
          onClose={() => setRevoked(undefined)}
        />
      )}
    </section>
  );
}
