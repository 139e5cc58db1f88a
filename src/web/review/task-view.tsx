import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { historyOf } from '../api/asset-queries.ts';
import { assetNamed } from '../api/queries.ts';
import { Statement } from '../asset/statement.tsx';
import { Viewer } from '../asset/viewer/viewer.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { isStop, type Judgement, type Task } from './task.ts';
import { TaskForm } from './task-form.tsx';

const words = TEXT.review;

/** Kinds that a review can be of. */
const JUDGED: ReadonlySet<string> = new Set([
  'evidence',
  'declaration',
  'certification',
  'custody',
]);

/** One work with what is said of it beside it, and the form that asks about it. */
export function TaskView({
  task,
  takesFocus,
  ...form
}: {
  readonly task: Task;
  /** Another was judged before it: where that had the focus, this one gets it. */
  readonly takesFocus: boolean;
  readonly areKeysOn: boolean;
  readonly hasNoStake: boolean;
  readonly onNoStake: (hasNone: boolean) => void;
  readonly onJudge: (judgement: Judgement) => void;
}): ReactNode {
  const { data: asset, error } = useQuery(assetNamed(task.asset));
  const { data: history } = useInfiniteQuery(historyOf(task.asset));
  const [judged, setJudged] = useState<readonly string[]>(
    task.why === 'evidence' && task.statement !== undefined ? [task.statement] : [],
  );
  const title = useRef<HTMLHeadingElement>(null);
  const columns = useRef<HTMLDivElement>(null);
  const isHere = asset !== undefined;
  useEffect(() => {
    const isLost = document.activeElement === document.body;
    if (takesFocus && isHere && isLost) title.current?.focus({ preventScroll: true });
  }, [takesFocus, isHere]);
  if (error) return <Failure error={error} />;
  if (asset === undefined) return <Loading />;
  const said = (history?.pages ?? []).flatMap(({ items }) => items);
  const toggle = (id: string) =>
    setJudged((before) =>
      before.includes(id) ? before.filter((one) => one !== id) : [...before, id],
    );
  /** Whether the work is on the page, or the notice that it has no preview: no picture of it is still to come. */
  const isShown = () => {
    const view = columns.current?.firstElementChild;
    const pictures = [...(view?.querySelectorAll('img') ?? [])];
    return view !== null && pictures.every((one) => one.complete && one.naturalWidth > 0);
  };
  return (
    <article className="task">
      <h2 dir="auto" ref={title} tabIndex={-1}>
        <Link to="/assets/$cid" params={{ cid: asset.cid }}>
          {asset.title || TEXT.collection.noTitle}
        </Link>
      </h2>
      <p className="task-why">{words.why[task.why]}</p>
      {task.draw && <p className="task-attested">{attestedText(task.draw.says)}</p>}
      <div className="task-columns" ref={columns}>
        <Viewer key={asset.cid} asset={asset} />
        <div className="task-words">
          {task.noUse === null ? (
            <TaskForm
              task={task}
              mediaType={asset.mediaType}
              evidence={isStop(task) ? [] : judged}
              isShown={isShown}
              {...form}
            />
          ) : (
            <p className="no-use">{words.noUse[task.noUse]}</p>
          )}
          <h3>{words.said}</h3>
          <ul className="rows">
            {said.map((one) => (
              <li key={one.id}>
                {!isStop(task) && task.noUse === null && JUDGED.has(one.kind) && (
                  <label className="judged">
                    <input
                      type="checkbox"
                      checked={judged.includes(one.id)}
                      onChange={() => toggle(one.id)}
                    />
                    {words.judged}
                  </label>
                )}
                <Statement said={one} />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </article>
  );
}

function attestedText({ date, maker, sourceType }: NonNullable<Task['draw']>['says']): string {
  const code = sourceType.slice(sourceType.lastIndexOf('/') + 1);
  return words.attested(date, maker, code);
}
