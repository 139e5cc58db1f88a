import { parentPort, workerData } from 'node:worker_threads';
import { ArchiveError } from '../../core/errors.ts';
import type { NamedPolicy } from '../../core/policy/documents.ts';
import type { Database } from '../../sqlite/database.ts';
import { openForReading } from '../file/catalog-file.ts';
import { FilterReader } from '../listing/filter-reader.ts';
import { Pacer } from '../pacer.ts';
import { answerLong, type LongQuestion } from './long-questions.ts';
import type { FromThread, ToThread } from './messages.ts';

/**
 * Entry of the thread that answers long questions of one catalog file, with a connection of its own. Each look at the
 * file sees what was committed before it, so an answer knows of all that was projected before the question.
 */

const port = parentPort;
if (port === null) throw new ArchiveError('internal', 'this module runs as a worker thread only');

/** The path, from the class that started this thread. */
const path = workerData as string;

let policies: readonly NamedPolicy[] = [];
let opened: { readonly db: Database; readonly reader: FilterReader } | undefined;
let running: AbortController | undefined;
let isStale = false;

port.on('message', (message: ToThread) => {
  if (message.is === 'stop') running?.abort();
  else if (message.is === 'close') close();
  else void answer(message.question, message.policies);
});

async function answer(question: LongQuestion, inForce: readonly NamedPolicy[]): Promise<void> {
  policies = inForce;
  running = new AbortController();
  const told = await outcomeOf(question, new Pacer([running.signal]));
  running = undefined;
  if (isStale) close();
  port?.postMessage(told);
}

async function outcomeOf(question: LongQuestion, pacer: Pacer): Promise<FromThread> {
  try {
    return { is: 'answer', answer: await answerLong(question, reader(), pacer) };
  } catch (error) {
    if (!(error instanceof ArchiveError)) return { is: 'defect', error };
    const { code, message, retryable } = error;
    return { is: 'failure', code, message, retryable };
  }
}

function reader(): FilterReader {
  if (opened === undefined) {
    const db = openForReading(path);
    opened = { db, reader: new FilterReader(db, { policies: () => policies }) };
  }
  // What it remembers may be of before the last projection.
  opened.reader.forget();
  return opened.reader;
}

/** A question under way is answered first. */
function close(): void {
  isStale = running !== undefined;
  if (isStale) return;
  opened?.db.close();
  opened = undefined;
}
