import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { type Governed, type Proposal, proposals, useMemberNames } from './governance-queries.ts';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.proposals;

/** What is to be decided, and what was; each can be voted on while it is open. */
export function Proposals(): ReactNode {
  const { data, error, refetch } = useQuery(proposals);
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const open = data.proposals.filter(isOpen);
  const decided = data.proposals.filter((one) => !isOpen(one));
  return (
    <section aria-labelledby="proposals">
      <h2 id="proposals">{words.title}</h2>
      {open.length === 0 && <p className="soft">{words.none}</p>}
      {open.length > 0 && <List proposals={open} governed={data} />}
      {decided.length > 0 && (
        <details>
          <summary>{words.decided(countText(decided.length))}</summary>
          <List proposals={decided} governed={data} />
        </details>
      )}
    </section>
  );
}

function isOpen({ status }: Proposal): boolean {
  return status === 'open' || status === 'ready';
}

function List({
  proposals: listed,
  governed,
}: {
  readonly proposals: readonly Proposal[];
  readonly governed: Governed;
}): ReactNode {
  return (
    <ul className="rows">
      {listed.map((one) => (
        <Line key={one.id} proposal={one} governed={governed} />
      ))}
    </ul>
  );
}

function Line({
  proposal,
  governed: { needed, stewards },
}: {
  readonly proposal: Proposal;
  readonly governed: Governed;
}): ReactNode {
  const { by, body, votes, status } = proposal;
  const nameOf = useMemberNames();
  const [vote, setVote] = useState<'yes' | 'no'>();
  const said = (word: 'yes' | 'no') => votes.filter((one) => one.vote === word);
  const silent = stewards.filter((steward) => !votes.some(({ id }) => id === steward));
  return (
    <li className="proposal">
      <p>
        <strong>{topicText(body.topic)}</strong>{' '}
        <span className={`proposal-status proposal-${status}`}>{words.statuses[status]}</span>
      </p>
      <p className="soft" dir="auto">
        {words.by(nameOf({ id: by }), body.reason)}
      </p>
      <Change proposal={proposal} />
      <p>
        {isOpen(proposal)
          ? words.votes(countText(said('yes').length), countText(needed))
          : words.voted(countText(said('yes').length))}
      </p>
      <p className="soft">
        {votes.map(({ id, vote: word }) => (
          <span key={id}>
            <bdi>{nameOf({ id })}</bdi>: {words.words[word]}.{' '}
          </span>
        ))}
        {isOpen(proposal) &&
          silent.map((id) => (
            <span key={id}>
              <bdi>{nameOf({ id })}</bdi>: {words.unsaid}.{' '}
            </span>
          ))}
      </p>
      {isOpen(proposal) && (
        <p className="signing-actions">
          <button type="button" className="control" onClick={() => setVote('yes')}>
            {words.approve}
          </button>
          <button type="button" className="control" onClick={() => setVote('no')}>
            {words.reject}
          </button>
        </p>
      )}
      {vote && (
        <VoteDialog
          proposal={proposal}
          vote={vote}
          isLast={said('yes').length + 1 >= needed}
          onClose={() => setVote(undefined)}
        />
      )}
    </li>
  );
}

/** What a proposal about the stewards would make of them, or has made. */
function Change({ proposal: { change } }: { readonly proposal: Proposal }): ReactNode {
  const nameOf = useMemberNames();
  if (change === null) return null;
  const { needed } = change;
  const isOther = needed.before !== needed.after;
  const named = (['joins', 'leaves', 'newKeys', 'cut'] as const).flatMap((how) =>
    change[how].map((id) => ({ how, id })),
  );
  if (named.length === 0 && !isOther) return null;
  return (
    <ul className="policy-differences">
      {named.map(({ how, id }) => (
        <li
          key={`${how} ${id}`}
          className={how === 'leaves' || how === 'cut' ? 'policy-less' : 'policy-more'}
        >
          {words.changes[how]} <bdi>{nameOf({ id })}</bdi>
          <code className="member-key">{id}</code>
        </li>
      ))}
      {isOther && (
        <li className={needed.after < needed.before ? 'policy-less' : 'policy-more'}>
          {words.needed(countText(needed.before), countText(needed.after))}
        </li>
      )}
    </ul>
  );
}

function VoteDialog({
  proposal: { id, body },
  vote,
  isLast,
  onClose,
}: {
  readonly proposal: Proposal;
  readonly vote: 'yes' | 'no';
  readonly isLast: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () =>
      answered(api.POST('/api/v1/operations/proposal.vote', { body: { proposal: id, vote } })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <SigningDialog
      title={words.voteTitle(words.words[vote], topicText(body.topic))}
      consequences={[words.yours, vote === 'yes' && isLast ? words.last : words.counts]}
      signed={['approval', { proposal: id, vote, document: body.document }]}
      confirm={words.sign}
      isPending={isPending}
      error={error}
      onSign={() => mutate()}
      onClose={onClose}
    />
  );
}

function topicText(topic: string): string {
  const [sort = '', name = ''] = topic.split(':');
  return words.topics[sort]?.replace('NAME', name) ?? topic;
}
