import { useSyncExternalStore } from 'react';
import { type Sent, sendFile } from './send-file.ts';
import { type Became, type TakenAsset, takeSent } from './take-sent.ts';

/** Files that travel at once. */
const AT_ONCE = 3;
/** So much is taken in together, as `ingest` does: in few entries, and its findings come meanwhile. */
const GROUP_FILES = 100;
const GROUP_BYTES = 64 * 1_048_576;
/** What has come waits so long for others. */
const LONGEST_MS = 5000;
/** Files that wait at the node, or are being taken in; it remembers 256 of one caller. */
const MOST_AT_NODE = 2 * GROUP_FILES;
/** Pages hear of what has become another this often at most. */
const TOLD_MS = 200;

/** `sent`: the node has all of it, and has not taken it in yet. */
type State = 'waiting' | 'sending' | 'sent' | 'done' | 'failed';

/** One file on its way, with what is said of it. */
export interface Sending {
  readonly place: string;
  readonly file: File;
  readonly said: Readonly<Record<string, string>>;
  state: State;
  /** Bytes that the node has. */
  sentBytes: number;
  /** The asset that it is; its findings are known where it was taken in now. */
  taken?: { readonly cid: string; readonly asset?: TakenAsset };
  /** Why it could not be taken in, in the words of the node or the browser. */
  reason?: string;
}

/** One that waits at the node. */
interface Gathered {
  readonly sending: Sending;
  readonly sent: Sent;
}

/** How far a deposit is. A new one is made whenever something has changed. */
export interface Standing {
  readonly files: Readonly<Record<State, number>>;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly isStopped: boolean;
  /** What the node has said of many files together. */
  readonly told: readonly string[];
}

/** The files of a deposit, which go on while their person looks at other pages. */
class DepositQueue {
  #sendings: ReadonlySet<Sending> = new Set();
  #waiting: Sending[] = [];
  #gathered: Gathered[] = [];
  #told = new Set<string>();
  #lanes = 0;
  #travelling = 0;
  #beingTaken = 0;
  #stopping = new AbortController();
  #standing: Standing = standingOf([], false, []);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #longest: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly standing = () => this.#standing;

  /** Returns the files in a state, those that began first in front. */
  filesThat(state: State): readonly Sending[] {
    return [...this.#sendings].filter((sending) => sending.state === state);
  }

  begin(files: readonly Pick<Sending, 'place' | 'file' | 'said'>[]): void {
    this.stop();
    this.#sendings = new Set(
      files.map((sending) => ({ ...sending, state: 'waiting' as const, sentBytes: 0 })),
    );
    this.#waiting = [...this.#sendings];
    this.#gathered = [];
    this.#told = new Set();
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
    this.#gather();
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

  get #hasRoom(): boolean {
    return this.#gathered.length + this.#beingTaken + this.#travelling < MOST_AT_NODE;
  }

  #fill(): void {
    const { signal } = this.#stopping;
    while (this.#lanes < AT_ONCE && this.#waiting.length > 0 && this.#hasRoom && !signal.aborted) {
      this.#lanes += 1;
      void this.#send(signal).then(() => {
        this.#lanes -= 1;
        this.#fill();
        this.#tell();
      });
    }
  }

  /** Sends one file after another, while there is room for it at the node. */
  async #send(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#hasRoom) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.state = 'sending';
      this.#travelling += 1;
      try {
        const onSent = (bytes: number) => {
          next.sentBytes = bytes;
          this.#tell();
        };
        const sent = await sendFile(next.file, next.said, onSent, signal);
        next.sentBytes = next.file.size;
        if ('cid' in sent) {
          next.taken = sent;
          next.state = 'done';
        } else if (this.#isOwn(next)) {
          next.state = 'sent';
          this.#gathered.push({ sending: next, sent });
        }
      } catch (error) {
        next.sentBytes = 0;
        if (!signal.aborted) fail(next, error);
        else {
          next.state = 'waiting';
          if (this.#isOwn(next)) this.#waiting.unshift(next);
        }
      }
      this.#travelling -= 1;
      this.#gather();
      this.#tell();
    }
  }

  /** Has what waits at the node taken in where that is much, or nothing comes any more, or it has waited long. */
  #gather(hasWaited = false): void {
    const { signal } = this.#stopping;
    if (this.#beingTaken > 0 || this.#gathered.length === 0 || signal.aborted) return;
    const bytes = this.#gathered.reduce((sum, { sending }) => sum + sending.file.size, 0);
    const isMuch = this.#gathered.length >= GROUP_FILES || bytes >= GROUP_BYTES;
    const isLast = this.#waiting.length + this.#travelling === 0;
    if (!(isMuch || isLast || hasWaited)) {
      this.#longest ??= setTimeout(() => {
        this.#longest = undefined;
        this.#gather(true);
      }, LONGEST_MS);
      return;
    }
    clearTimeout(this.#longest);
    this.#longest = undefined;
    void this.#take(this.#gathered.splice(0, GROUP_FILES), signal);
  }

  async #take(group: readonly Gathered[], signal: AbortSignal): Promise<void> {
    this.#beingTaken = group.length;
    const open = new Set(group);
    try {
      const told = (text: string) => void this.#told.add(text);
      const became = (one: Gathered, what: Became) => {
        settle(one.sending, what);
        open.delete(one);
        this.#tell();
      };
      await takeSent(group, { became, told }, signal);
    } catch (error) {
      for (const one of open) {
        if (!signal.aborted) fail(one.sending, error);
        else if (this.#isOwn(one.sending)) this.#gathered.push(one);
      }
    }
    this.#beingTaken = 0;
    this.#gather();
    this.#fill();
    this.#tell();
  }

  /** A deposit that was begun anew has another list. */
  #isOwn(sending: Sending): boolean {
    return this.#sendings.has(sending);
  }

  #tell(isNow = false): void {
    const tell = () => {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#standing = standingOf(this.#sendings, this.#stopping.signal.aborted, [...this.#told]);
      for (const listener of this.#listeners) listener();
    };
    if (isNow) tell();
    else this.#timer ??= setTimeout(tell, TOLD_MS);
  }
}

function settle(sending: Sending, became: Became): void {
  if ('asset' in became) {
    sending.taken = { cid: became.asset.cid, asset: became.asset };
    sending.state = 'done';
  } else fail(sending, became.reason);
}

function fail(sending: Sending, reason: unknown): void {
  sending.state = 'failed';
  sending.sentBytes = 0;
  sending.reason = reason instanceof Error ? reason.message : String(reason);
}

function standingOf(
  sendings: Iterable<Sending>,
  isStopped: boolean,
  told: readonly string[],
): Standing {
  const files = { waiting: 0, sending: 0, sent: 0, done: 0, failed: 0 };
  let sentBytes = 0;
  let totalBytes = 0;
  for (const { state, sentBytes: own, file } of sendings) {
    files[state] += 1;
    sentBytes += own;
    totalBytes += file.size;
  }
  return { files, sentBytes, totalBytes, isStopped, told };
}

export const deposit = new DepositQueue();

export function useStanding(): Standing {
  return useSyncExternalStore(deposit.subscribe, deposit.standing);
}

/** Keeps a page from being closed unasked while files are on their way. */
addEventListener('beforeunload', (event) => {
  const { files, isStopped } = deposit.standing();
  if (!isStopped && files.waiting + files.sending + files.sent > 0) event.preventDefault();
});
