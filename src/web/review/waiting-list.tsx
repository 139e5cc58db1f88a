import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { assetNamed } from '../api/queries.ts';
import { TEXT } from '../text/english.ts';
import type { Task } from './task.ts';

const words = TEXT.review;

/** Rows that are on the page at once: each asks for the title of its work. */
const SHOWN = 20;
const BEFORE = 3;

/** What waits near the present place. */
export function WaitingList({
  tasks,
  place,
  onChoose,
}: {
  readonly tasks: readonly Task[];
  readonly place: number;
  readonly onChoose: (key: string) => void;
}): ReactNode {
  const from = Math.max(0, Math.min(place - BEFORE, tasks.length - SHOWN));
  const left = tasks.length - from - SHOWN;
  return (
    <>
      <ul className="rows waiting">
        {tasks.slice(from, from + SHOWN).map((one, at) => (
          <li key={one.key}>
            <button
              type="button"
              className="waiting-one"
              aria-current={from + at === place}
              onClick={() => onChoose(one.key)}
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
      {left > 0 && <p className="waiting-why">{words.further(left)}</p>}
    </>
  );
}

function TaskTitle({ asset }: { readonly asset: string }): ReactNode {
  const { data } = useQuery(assetNamed(asset));
  return (
    <span dir="auto" className="waiting-title">
      {data?.title || asset.slice(-12)}
    </span>
  );
}
