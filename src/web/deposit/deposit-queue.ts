import { useSyncExternalStore } from 'react';
import { sendFile, type Taken } from './send-file.ts';

/** Files that travel at once; a node takes one in after another. */
const AT_ONCE = 3;
/** Pages hear of what has become another this often at most. */
const TOLD_MS = 200;

export type State = 'waiting' | 'sending' | 'done' | 'failed';

/** One file on its way, with what is said of it. */
export interface Sending {
  readonly place: string;
  readonly file: File;
  readonly said: Readonly<Record<string, string>>;
  state: State;
  /** Bytes that the node has. */
  sent: number;
  taken?: Taken;
  /** Why it could not be taken in, in the words of the node or the browser. */
  reason?: string;
}

/** How far a deposit is. A new one is made whenever something has changed. */
export interface Standing {
  readonly files: Readonly<Record<State, number>>;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly isStopped: boolean;
}

/** The files of a deposit, which go on while their person looks at other pages. */
class DepositQueue {
  #sendings: readonly Sending[] = [];
  #waiting: Sending[] = [];
  #lanes = 0;
  #stopping = new AbortController();
  #standing: Standing = standingOf([], false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly standing = () => this.#standing;

  /** Returns the files in a state, those that began first in front. */
  filesThat(state: State): readonly Sending[] {
    return this.#sendings.filter((sending) => sending.state === state);
  }

  begin(files: readonly Pick<Sending, 'place' | 'file' | 'said'>[]): void {
    this.stop();
    this.#sendings = files.map((sending) => ({ ...sending, state: 'waiting', sent: 0 }));
    this.#waiting = [...this.#sendings];
    this.goOn();
  }

  /** Puts down what is under way; the bytes that have come stay where they are. */
  stop(): void {
    this.#stopping.abort(new DOMException('stopped', 'AbortError'));
    this.#tell(true);
  }

  goOn(): void {
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController();
    this.#fill();
    this.#tell(true);
  }

  /** Tries once more what has failed. */
  retry(): void {
    for (const sending of this.filesThat('failed')) {
      sending.state = 'waiting';
      delete sending.reason;
      this.#waiting.push(sending);
    }
    this.goOn();
  }

  #fill(): void {
    while (this.#lanes < AT_ONCE && this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      this.#lanes += 1;
      void this.#send(this.#stopping.signal).then(() => {
        this.#lanes -= 1;
        this.#fill();
        this.#tell();
      });
    }
  }

  /** Sends one file after another. */
  async #send(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.state = 'sending';
      try {
        const onSent = (bytes: number) => {
          next.sent = bytes;
          this.#tell();
        };
        next.taken = await sendFile(next.file, next.said, onSent, signal);
        next.sent = next.file.size;
        next.state = 'done';
      } catch (error) {
        next.sent = 0;
        if (signal.aborted) {
          next.state = 'waiting';
          // A deposit that was begun anew has another list.
          if (this.#sendings.includes(next)) this.#waiting.unshift(next);
        } else {
          next.state = 'failed';
          next.reason = error instanceof Error ? error.message : String(error);
        }
      }
      this.#tell();
    }
  }

  #tell(isNow = false): void {
    const tell = () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#standing = standingOf(this.#sendings, this.#stopping.signal.aborted);
      for (const listener of this.#listeners) listener();
    };
    if (isNow) tell();
    else this.#timer ??= setTimeout(tell, TOLD_MS);
  }
}

function standingOf(sendings: readonly Sending[], isStopped: boolean): Standing {
  const files = { waiting: 0, sending: 0, done: 0, failed: 0 };
  let sentBytes = 0;
  let totalBytes = 0;
  for (const { state, sent, file } of sendings) {
    files[state] += 1;
    sentBytes += sent;
    totalBytes += file.size;
  }
  return { files, sentBytes, totalBytes, isStopped };
}

export const deposit = new DepositQueue();

export function useStanding(): Standing {
  return useSyncExternalStore(deposit.subscribe, deposit.standing);
}

/** Keeps a page from being closed unasked while files are on their way. */
addEventListener('beforeunload', (event) => {
  const { files, isStopped } = deposit.standing();
  if (!isStopped && files.waiting + files.sending > 0) event.preventDefault();
});
