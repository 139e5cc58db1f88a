import type { ArchiveError } from '../core/errors.ts';
import type { Clock } from '../core/ports/environment.ts';
import type { Complaint } from '../core/ports/network.ts';
import { TokenBucket } from './token-bucket.ts';

/** So many pairs of peer and code are remembered; strangers have any number of keys. */
const MAX_REMEMBERED = 256;

/** What is said of one; a peer may have had a part in the words. */
const MAX_TEXT = 1_024;

/** Complaints told in a second, of all peers together. */
const TOLD_PER_SECOND = 16;

/**
 * What peers did wrong, remembered as counts. Told is the first, second, fourth, eighth… time that one peer
 * does one kind of thing, and of many peers no more than a log can bear.
 */
export class Complaints {
  readonly #toldLately = new TokenBucket(TOLD_PER_SECOND);
  readonly #remembered = new Map<string, Complaint>();
  readonly #clock: Clock;
  readonly #onComplaint: ((complaint: Complaint) => void) | undefined;

  constructor(clock: Clock, onComplaint?: (complaint: Complaint) => void) {
    this.#clock = clock;
    this.#onComplaint = onComplaint;
  }

  add(from: string, { code, message }: ArchiveError): void {
    const text = message.slice(0, MAX_TEXT);
    const key = `${from} ${code}`;
    const count = (this.#remembered.get(key)?.count ?? 0) + 1;
    const complaint: Complaint = { from, code, text, count, at: this.#clock() };
    this.#remembered.delete(key);
    this.#remembered.set(key, complaint);
    if (this.#remembered.size > MAX_REMEMBERED) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    const isPowerOfTwo = Number.isInteger(Math.log2(count));
    if (isPowerOfTwo && this.#toldLately.tryTake()) this.#onComplaint?.(complaint);
  }

  list(): readonly Complaint[] {
    return [...this.#remembered.values()];
  }
}
