import './review-page.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { assetNamed } from '../api/queries.ts';
import { Preview } from '../parts/preview.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { Outbox } from './outbox.tsx';
import { agreement, attestations, drawsOf, queue } from './review-queries.ts';
import { Samples } from './samples.tsx';
import { type Task, taskOf } from './task.ts';
import { TaskView } from './task-view.tsx';
import { useKeys } from './use-keys.ts';
import { useOutbox } from './use-outbox.ts';

const words = TEXT.review;

/** What waits for a reviewer: the next work with its evidence, a form, and what is judged and unsent. */
export function ReviewPage(): ReactNode {
  const identity = useIdentity();
  const waiting = useInfiniteQuery(queue);
  const sets = useQuery(attestations);
  const agreed = useQuery(agreement);
  const [sample, setSample] = useState<string>();
  const draws = useQuery({ ...drawsOf(sample ?? ''), enabled: sample !== undefined });
  const [chosen, setChosen] = useState<string>();
  const [areKeysOn, setKeysOn] = useState(true);
  const outbox = useOutbox();
  const isDone = new Set([...outbox.unsent.map(({ task }) => task.key), ...outbox.sent]);
  const all: readonly Task[] =
    sample === undefined
      ? (waiting.data?.pages ?? []).flatMap((page) => page.waiting.map(taskOf))
      : (draws.data?.next?.draws ?? []).map(({ draw: number, asset }) => ({
          ...{ key: `${sample} ${number}`, asset, why: 'draw', noUse: null },
          draw: { attestation: sample, number },
        }));
  const tasks = all.filter(({ key }) => !isDone.has(key));
  const place = Math.max(
    0,
    tasks.findIndex(({ key }) => key === chosen),
  );
  const task = tasks[place];
  const go = (by: number) =>
    setChosen(tasks[Math.min(tasks.length - 1, Math.max(0, place + by))]?.key);
  useKeys(areKeysOn, (key) => {
    if (key === 'j') go(1);
    if (key === 'k') go(-1);
    if (key === 'u') outbox.undo(outbox.unsent.at(-1)?.task.key ?? '');
    if (key === 'x') void outbox.send();
  });
  const { refetch } = draws;
  useEffect(() => {
    if (sample !== undefined && tasks.length === 0 && outbox.unsent.length === 0) void refetch();
  }, [sample, tasks.length, outbox.unsent.length, refetch]);
  if (identity === null) {
    return (
      <Empty isPage title={TEXT.states.signInTitle}>
        <p>{TEXT.account.howTo}</p>
      </Empty>
    );
  }
  if (waiting.error && waiting.data === undefined) return <Failure isPage error={waiting.error} />;
  if (waiting.data === undefined) return <Loading />;
  return (
    <div className="page review-page">
      <header>
        <h1>{words.title}</h1>
        {agreed.data && <p className="agreement">{words.agreement(agreed.data)}</p>}
      </header>
      <div className="review-columns">
        <nav className="review-list" aria-label={words.list}>
          <Samples attestations={sets.data ?? []} chosen={sample} onChoose={setSample} />
          <h2>{sample === undefined ? words.queue(tasks.length) : words.draws(tasks.length)}</h2>
          <ul className="rows waiting">
            {tasks.map((one) => (
              <li key={one.key}>
                <button
                  type="button"
                  className="waiting-one"
                  aria-current={one === task}
                  onClick={() => setChosen(one.key)}
                >
                  <TaskTitle asset={one.asset} />
                  <span className="waiting-why">
                    {words.whyShort[one.why]}
                    {one.noUse !== null && ` · ${words.notForYou}`}
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {waiting.hasNextPage && sample === undefined && (
            <button type="button" className="control" onClick={() => void waiting.fetchNextPage()}>
              {TEXT.collection.more}
            </button>
          )}
        </nav>
        {task === undefined ? (
          <Empty title={words.noneTitle}>
            <p>{words.none}</p>
          </Empty>
        ) : (
          <TaskView
            key={task.key}
            task={task}
            areKeysOn={areKeysOn}
            onJudge={(judgement) => outbox.put(task, judgement)}
          />
        )}
        <aside className="review-side" aria-label={words.outbox.title}>
          <Outbox {...outbox} sent={outbox.sent.length} send={() => void outbox.send()} />
          <Keys areOn={areKeysOn} onTurn={setKeysOn} />
        </aside>
      </div>
      {tasks.slice(place + 1, place + 3).map((next) => (
        <Ahead key={next.key} asset={next.asset} />
      ))}
    </div>
  );
}

function TaskTitle({ asset }: { readonly asset: string }): ReactNode {
  const { data } = useQuery(assetNamed(asset));
  return <span dir="auto">{data?.title || asset.slice(-12)}</span>;
}

/** Has the next works come before anybody turns to them. */
function Ahead({ asset }: { readonly asset: string }): ReactNode {
  const { data } = useQuery(assetNamed(asset));
  return (
    <span className="hidden" aria-hidden="true">
      {data && <Preview cid={asset} mediaType={data.mediaType} />}
    </span>
  );
}

function Keys({
  areOn,
  onTurn,
}: {
  readonly areOn: boolean;
  readonly onTurn: (areOn: boolean) => void;
}): ReactNode {
  return (
    <section className="keys" aria-labelledby="keys">
      <h2 id="keys">{words.keys.title}</h2>
      <label className="outcome">
        <input type="checkbox" checked={areOn} onChange={({ target }) => onTurn(target.checked)} />
        <span>{words.keys.on}</span>
      </label>
      <dl>
        {words.keys.list.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
