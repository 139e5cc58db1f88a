import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { type Proposal, proposals, useMemberNames } from './governance-queries.ts';
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
      {open.length > 0 && <List proposals={open} needed={data.needed} />}
      {decided.length > 0 && (
        <details>
          <summary>{words.decided(countText(decided.length))}</summary>
          <List proposals={decided} needed={data.needed} />
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
  needed,
}: {
  readonly proposals: readonly Proposal[];
  readonly needed: number;
}): ReactNode {
  return (
    <ul className="rows">
      {listed.map((one) => (
        <Line key={one.id} proposal={one} needed={needed} />
      ))}
    </ul>
  );
}

function Line({
  proposal,
  needed,
}: {
  readonly proposal: Proposal;
  readonly needed: number;
}): ReactNode {
  const { by, body, votes, status } = proposal;
  const nameOf = useMemberNames();
  const [vote, setVote] = useState<'yes' | 'no'>();
  const said = (word: 'yes' | 'no') => votes.filter((one) => one.vote === word);
  return (
    <li className="proposal">
      <p>
        <strong>{topicText(body.topic)}</strong>{' '}
        <span className={`proposal-status proposal-${status}`}>{words.statuses[status]}</span>
      </p>
      <p className="soft" dir="auto">
        {words.by(nameOf({ id: by }), body.reason)}
      </p>
      <p>
        {isOpen(proposal)
          ? words.votes(countText(said('yes').length), countText(needed))
          : words.voted(countText(said('yes').length))}{' '}
        <span className="soft" dir="auto">
          {votes.map(({ id, vote: word }) => `${nameOf({ id })}: ${words.words[word]}`).join(', ')}
        </span>
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
