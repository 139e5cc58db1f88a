import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Refusal } from '../api/client.ts';
import { useIdentity } from '../api/identity.ts';
import { joinDrafts } from '../api/join-drafts.ts';
import { archiveState } from '../api/queries.ts';
import { draftWords, record } from '../api/record-statement.ts';
import { type Draft, refuseOther } from '../api/sign-statement.ts';
import { TEXT } from '../text/english.ts';
import { dropUnsent, type Judged, keepUnsent, unsentOf } from './kept-unsent.ts';
import { type Judgement, wordsFor } from './task.ts';

const words = TEXT.review.outbox;

/** What is judged and neither signed nor sent; its draft comes from the node a moment later. */
export interface Unsent extends Judged {
  readonly draft?: Draft;
  readonly problem?: string;
}

/**
 * What somebody has judged and can take back still: nothing is signed before it is sent. This browser keeps
 * it for the member whom it signs for, so that neither a closed tab nor a sign-in that is over loses it.
 */
export function useOutbox() {
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);
  const [sent, setSent] = useState<readonly string[]>([]);
  const [isSending, setSending] = useState(false);
  const [problem, setProblem] = useState<string>();
  /** What this browser could not keep: one that it kept later does not make up for it. */
  const [unkept, setUnkept] = useState<ReadonlySet<string>>(new Set());
  const identity = useIdentity();
  const member = identity?.node;
  const { data: archive } = useQuery({ ...archiveState, enabled: member !== undefined });
  const address = archive?.address;
  /** What is there at this moment: while a batch is sent, somebody may take back what is still to come. */
  const live = useRef<ReadonlyMap<string, Judgement>>(new Map());
  live.current = new Map(unsent.map(({ task, judgement }) => [task.key, judgement]));
  // Taken back and judged anew is another judgement.
  const isThere = ({ task, judgement }: Judged) => live.current.get(task.key) === judgement;
  const change = (key: string, how: (one: Unsent) => Unsent) =>
    setUnsent((all) => all.map((one) => (one.task.key === key ? how(one) : one)));
  const remove = (keys: ReadonlySet<string>) => {
    // At once: the next signing may come before the next rendering.
    live.current = new Map([...live.current].filter(([key]) => !keys.has(key)));
    setUnsent((all) => all.filter(({ task }) => !keys.has(task.key)));
    if (member === undefined) return;
    // What stays kept comes back after a reload, and the node refuses it as said before.
    for (const key of keys) void dropUnsent(member, key).catch(() => {});
  };

  /** Has the node word it, and checks that it words nothing else. */
  const word = useRef(async (_judged: Judged): Promise<Draft | undefined> => undefined);
  word.current = async ({ task, judgement }) => {
    if (address === undefined) return undefined;
    try {
      const { words: asked, expected } = wordsFor(task, judgement);
      const draft = await draftWords(asked, address);
      refuseOther(draft, expected);
      change(task.key, ({ problem: _gone, ...one }) => ({ ...one, draft }));
      return draft;
    } catch (error) {
      change(task.key, told(problemText(error)));
      return undefined;
    }
  };

  useEffect(() => {
    if (member === undefined || address === undefined) return;
    let isGone = false;
    void unsentOf(member)
      .catch(() => [])
      .then(async (kept) => {
        if (isGone) return;
        setUnsent((now) => [
          ...kept.filter(({ task }) => now.every((one) => one.task.key !== task.key)),
          ...now,
        ]);
        for (const one of kept) await word.current(one);
      });
    return () => {
      isGone = true;
      setUnsent([]);
    };
  }, [member, address]);

  // A browser that keeps nothing has it here alone: whoever closes the page is asked first.
  const isKept = unsent.every(({ task }) => !unkept.has(task.key));
  const isLost = !isKept;
  useEffect(() => {
    if (!isLost) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isLost]);

  function put(judged: Judged): void {
    if (member === undefined) return;
    const { key } = judged.task;
    setUnsent((all) => [...all.filter(({ task }) => task.key !== key), judged]);
    void keepUnsent(member, judged).then(
      () => setUnkept((before) => new Set([...before].filter((one) => one !== key))),
      () => setUnkept((before) => new Set([...before, key])),
    );
    void word.current(judged);
  }

  /** Signs and sends everything that is worded: draws of samples together, all else by itself. */
  async function send(): Promise<void> {
    if (!identity || isSending) return;
    setSending(true);
    setProblem(undefined);
    const ready: (Unsent & { readonly draft: Draft })[] = [];
    for (const one of unsent) {
      const draft = one.draft ?? (await word.current(one));
      if (draft !== undefined) ready.push({ ...one, draft });
    }
    const draws = joinDrafts(ready.filter(({ task }) => task.draw !== undefined));
    const others = ready.filter(({ task }) => task.draw === undefined);
    try {
      for (const group of draws) {
        for (const { of, draft } of joinDrafts(group.of.filter(isThere))) {
          const isWhole = await sendOne(draft, of, of.length === 1);
          if (!isWhole && of.length > 1)
            for (const one of of) await sendOne(one.draft, [one], true);
        }
      }
      for (const one of others) await sendOne(one.draft, [one], true);
    } catch (error) {
      setProblem(problemText(error));
    }
    setSending(false);
  }

  /** @throws where the node did not answer: nobody knows then whether it was recorded. */
  async function sendOne(draft: Draft, of: readonly Unsent[], isTold: boolean): Promise<boolean> {
    if (!identity || !of.every(isThere)) return false;
    try {
      await record(draft, identity);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 401) throw error;
      if (isTold) for (const one of of) change(one.task.key, told(problemText(error)));
      return false;
    }
    const keys = new Set(of.map(({ task }) => task.key));
    setSent((before) => [...before, ...keys]);
    remove(keys);
    return true;
  }

  const undo = (key: string) => remove(new Set([key]));
  return { ...{ unsent, sent, isSending, problem, isKept }, put, undo, send };
}

function told(problem: string) {
  return (one: Unsent): Unsent => ({ ...one, problem });
}

function problemText(error: unknown): string {
  if (error instanceof Refusal) return error.status === 401 ? words.signedOut : error.message;
  return error instanceof TypeError ? words.offline : String(error);
}
