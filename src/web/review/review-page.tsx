import './review-page.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { objections } from '../objections/objection-queries.ts';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Ahead } from './ahead.tsx';
import { Keys } from './keys.tsx';
import { Outbox } from './outbox.tsx';
import { agreement, attestations } from './review-queries.ts';
import { SampleEnd, SampleProgress } from './sample-state.tsx';
import { Samples } from './samples.tsx';
import { TaskView } from './task-view.tsx';
import { useKeys } from './use-keys.ts';
import { useOutbox } from './use-outbox.ts';
import { useTasks } from './use-tasks.ts';
import { WaitingList } from './waiting-list.tsx';

const words = TEXT.review;

/** Works that come before anybody turns to them: somebody who judges fast waits for none. */
const AHEAD = 4;

/** What waits for a reviewer: the next work with its evidence, a form, and what is judged and unsent. */
export function ReviewPage(): ReactNode {
  const identity = useIdentity();
  const sets = useQuery(attestations);
  const agreed = useQuery(agreement);
  const objected = useQuery({ ...objections(false), enabled: Boolean(identity) });
  const [sample, setSample] = useState<string>();
  const [areKeysOn, setKeysOn] = useState(true);
  /** The sample in which somebody has said to have no stake. */
  const [noStakeIn, setNoStakeIn] = useState<string>();
  const outbox = useOutbox();
  const done = new Set([...outbox.unsent.map(({ task }) => task.key), ...outbox.sent]);
  const ofSample = outbox.unsent.filter(({ task }) => task.draw?.attestation === sample).length;
  const { waiting, draws, tasks, place, task, choose, go, leave } = useTasks(
    sample,
    (key) => done.has(key),
    ofSample,
  );
  useKeys(areKeysOn, (key) => {
    if (key === 'j') go(1);
    if (key === 'k') go(-1);
    if (key === 'u') takeBack(outbox.unsent.at(-1)?.task.key);
    if (key === 'x') void outbox.send();
  });
  if (identity === null) {
    return (
      <Empty isPage title={TEXT.states.signInTitle}>
        <p>{TEXT.account.howTo}</p>
        <p>{words.keptMeanwhile}</p>
      </Empty>
    );
  }
  if (waiting.error && waiting.data === undefined) return <Failure isPage error={waiting.error} />;
  if (waiting.data === undefined) return <Loading />;
  const next = draws.data?.next ?? null;
  const hasJudged = done.size > 0;
  return (
    <div className="page review-page">
      <header>
        <h1>{words.title}</h1>
        {agreed.data && <p className="agreement">{words.agreement(agreed.data)}</p>}
        {objected.data && objected.data.length > 0 && (
          <Link className="control" to="/review/objections">
            {TEXT.objections.link(objected.data.length)}
          </Link>
        )}
      </header>
      <div className="review-columns">
        <nav className="review-list" aria-label={words.list}>
          <Samples attestations={sets.data ?? []} chosen={sample} onChoose={setSample} />
          <h2>{sample === undefined ? words.queue(tasks.length) : words.draws(tasks.length)}</h2>
          {sample !== undefined && next && <SampleProgress next={next} unsent={ofSample} />}
          {tasks.length > 0 && <WaitingList tasks={tasks} place={place} onChoose={choose} />}
          {waiting.hasNextPage && sample === undefined && (
            <button type="button" className="control" onClick={() => void waiting.fetchNextPage()}>
              {TEXT.collection.more}
            </button>
          )}
        </nav>
        {task !== undefined && (
          <TaskView
            key={task.key}
            task={task}
            areKeysOn={areKeysOn}
            takesFocus={hasJudged}
            hasNoStake={sample !== undefined && noStakeIn === sample}
            onNoStake={(hasNone) => setNoStakeIn(hasNone ? sample : undefined)}
            onJudge={(judgement) => {
              leave();
              outbox.put({ task, judgement });
            }}
          />
        )}
        {task === undefined && sample === undefined && (
          <Empty title={words.noneTitle}>
            <p>{words.none}</p>
          </Empty>
        )}
        {task === undefined && sample !== undefined && draws.data === undefined && <Loading />}
        {task === undefined && draws.data !== undefined && (
          <SampleEnd attestation={draws.data.attestation} unsent={ofSample} />
        )}
        <aside className="review-side" aria-label={words.outbox.title}>
          <Outbox {...outbox} undo={takeBack} send={() => void outbox.send()} />
          <Keys areOn={areKeysOn} isSample={sample !== undefined} onTurn={setKeysOn} />
        </aside>
      </div>
      {tasks.slice(place + 1, place + 1 + AHEAD).map((coming) => (
        <Ahead key={coming.key} asset={coming.asset} />
      ))}
    </div>
  );

  /** What is taken back is what is looked at next. */
  function takeBack(key: string | undefined): void {
    if (key === undefined) return;
    outbox.undo(key);
    choose(key);
  }
}
