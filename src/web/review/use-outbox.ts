import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useIdentity } from '../api/identity.ts';
import { archiveState } from '../api/queries.ts';
import { draftWords, record } from '../api/record-statement.ts';
import { type Draft, refuseOther } from '../api/sign-statement.ts';
import { type Judgement, type Task, wordsFor } from './task.ts';

/** What is worded and neither signed nor sent. */
export interface Unsent {
  readonly task: Task;
  readonly outcome: string;
  readonly draft: Draft;
  readonly problem?: string;
}

/** What somebody has judged and can take back still: nothing is signed before it is sent. */
export function useOutbox() {
  const [unsent, setUnsent] = useState<readonly Unsent[]>([]);
  const [sent, setSent] = useState<readonly string[]>([]);
  const [isSending, setSending] = useState(false);
  const identity = useIdentity();
  const { data: archive } = useQuery(archiveState);
  const isKept = unsent.length > 0;
  // It lies here alone: whoever closes the page is asked first.
  useEffect(() => {
    if (!isKept) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isKept]);

  /** @throws what the node says where it does not draft it. */
  async function put(task: Task, judgement: Judgement): Promise<void> {
    if (archive === undefined) return;
    const { words, expected } = wordsFor(task, judgement);
    const draft = await draftWords(words, archive.address);
    refuseOther(draft, expected);
    const one = { task, outcome: judgement.outcome, draft };
    setUnsent((before) => [...before.filter(({ task: { key } }) => key !== task.key), one]);
  }

  function undo(key: string): void {
    setUnsent((before) => before.filter(({ task }) => task.key !== key));
  }

  async function send(): Promise<void> {
    if (!identity || isSending) return;
    setSending(true);
    for (const one of unsent) {
      const { key } = one.task;
      try {
        await record(one.draft, identity);
        setUnsent((before) => before.filter(({ task }) => task.key !== key));
        setSent((before) => [...before, key]);
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        const told = (old: Unsent) => (old.task.key === key ? { ...old, problem } : old);
        setUnsent((before) => before.map(told));
      }
    }
    setSending(false);
  }

  return { unsent, sent, isSending, put, undo, send };
}
