import { answered, api, Refusal } from '../api/client.ts';
import { run } from '../api/run.ts';
import { TEXT } from '../text/english.ts';

/** What one statement is about at most; more are several statements. */
export const AT_ONCE = 1000;

export type FlagWord = keyof typeof TEXT.collection.bulk.flags;

/** What is said about several assets, or done with them. */
export type Act =
  | { readonly is: 'hold' | 'remove'; readonly note: string }
  | { readonly is: 'flag'; readonly flag: FlagWord; readonly note: string }
  | {
      readonly is: 'declare';
      readonly sourceType: string;
      readonly generative: 'none' | 'unstated';
      readonly tools: readonly string[];
      readonly note: string;
    }
  | { readonly is: 'render'; readonly recipe: string }
  | { readonly is: 'add'; readonly collection: string };

/** What is sent together. Sent again under the same key, it is done once. */
export interface Batch {
  readonly cids: readonly string[];
  readonly key: string;
}

export interface Failed extends Batch {
  readonly why: string;
}

export interface Told {
  /** So many assets more have been seen to. */
  readonly onDone: (assets: number) => void;
  readonly onFailed: (failed: Failed) => void;
  /** What is not begun by then is told as failed. */
  readonly signal: AbortSignal;
}

export function batchesOf(cids: readonly string[]): readonly Batch[] {
  return Array.from({ length: Math.ceil(cids.length / AT_ONCE) }, (_, at) => ({
    cids: cids.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
    key: crypto.randomUUID(),
  }));
}

/** Does it, batch by batch; what fails of one does not keep the others from it. */
export async function perform(act: Act, batches: readonly Batch[], told: Told): Promise<void> {
  for (const batch of batches) {
    if (told.signal.aborted) {
      told.onFailed({ ...batch, why: TEXT.collection.bulk.stopped });
      continue;
    }
    try {
      if (act.is === 'render') {
        await eachOf(
          'rendition.make',
          { which: { assets: batch.cids }, recipe: act.recipe },
          batch,
          told,
        );
      } else if (act.is === 'add') {
        const input = { name: act.collection, which: { assets: batch.cids } };
        await eachOf('collection.add', input, batch, told);
      } else {
        await say(act, batch);
        told.onDone(batch.cids.length);
      }
    } catch (error) {
      const why = error instanceof Refusal ? error.message : TEXT.collection.bulk.noAnswer;
      told.onFailed({ ...batch, why });
    }
  }
}

function say(act: Exclude<Act, { is: 'render' | 'add' }>, { cids, key }: Batch): Promise<unknown> {
  const subject = { assets: [...cids] };
  const headers = { 'idempotency-key': key };
  const note = act.note === '' ? {} : { note: act.note };
  if (act.is === 'remove') {
    const body = { subject, reason: 'other' as const, note: act.note };
    return answered(api.POST('/api/v1/operations/remove', { body, headers }));
  }
  if (act.is === 'declare') {
    const { sourceType, generative } = act;
    const body = { subject, sourceType, generative, tools: [...act.tools], ...note };
    return answered(api.POST('/api/v1/operations/declare', { body, headers }));
  }
  if (act.is === 'flag') {
    const { flag } = act;
    const words = {
      kind: 'flag' as const,
      flag,
      state: 'raised' as const,
      purposes: [],
      label: null,
    };
    return answered(
      api.POST('/api/v1/operations/stop', { body: { words, subject, ...note }, headers }),
    );
  }
  const words = { ...HOLD, deadline: null };
  return answered(
    api.POST('/api/v1/operations/stop', { body: { words, subject, ...note }, headers }),
  );
}

const HOLD = { kind: 'hold', reason: 'look-again', source: 'steward' } as const;

interface OutcomeEvent {
  readonly event: string;
  readonly subject?: string;
  readonly text?: string;
}

/** Has the node do something with each asset, which has an outcome of its own; those of which none was told are told as failed. */
async function eachOf(
  operation: 'rendition.make' | 'collection.add',
  input: unknown,
  batch: Batch,
  told: Told,
): Promise<void> {
  let seen = 0;
  const item = ({ event, subject = '', text = '' }: OutcomeEvent) => {
    seen += 1;
    if (event === 'failed') told.onFailed({ cids: [subject], key: crypto.randomUUID(), why: text });
    else told.onDone(1);
  };
  try {
    await run<OutcomeEvent, unknown>(operation, input, { item, signal: told.signal });
  } catch (error) {
    if (seen === batch.cids.length) return;
    const { bulk } = TEXT.collection;
    const refused = error instanceof Refusal ? error.message : bulk.noAnswer;
    const why = told.signal.aborted ? bulk.stopped : refused;
    told.onFailed({ ...batch, cids: batch.cids.slice(seen), why });
  }
}
