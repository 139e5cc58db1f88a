import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { drawsOf, queue } from './review-queries.ts';
import { drawTasks, type Task, taskOf } from './task.ts';

/** What is to be looked at now, out of the queue or of a sample, without what is judged; and where one is in it. */
export function useTasks(
  sample: string | undefined,
  isDone: (key: string) => boolean,
  unsent: number,
) {
  const waiting = useInfiniteQuery(queue);
  const draws = useQuery({ ...drawsOf(sample ?? ''), enabled: sample !== undefined });
  const [chosen, choose] = useState<string>();
  const all: readonly Task[] =
    sample === undefined
      ? (waiting.data?.pages ?? []).flatMap((page) => page.waiting.map(taskOf))
      : drawTasks(sample, draws.data?.next ?? null);
  const tasks = all.filter(({ key }) => !isDone(key));
  const place = Math.max(
    0,
    tasks.findIndex(({ key }) => key === chosen),
  );
  const task = tasks[place];
  const go = (by: number) =>
    choose(tasks[Math.min(tasks.length - 1, Math.max(0, place + by))]?.key);
  /** Turns to what comes after the present one, what one's own word counts for first. */
  const leave = () => {
    const after = [...tasks.slice(place + 1), ...tasks.slice(0, place)];
    choose((after.find(({ noUse }) => noUse === null) ?? after[0])?.key);
  };
  const { refetch } = draws;
  const isThrough = sample !== undefined && tasks.length === 0 && unsent === 0;
  useEffect(() => {
    if (isThrough) void refetch();
  }, [isThrough, refetch]);
  return { waiting, draws, tasks, place, task, choose, go, leave };
}
