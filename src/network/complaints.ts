import type { ArchiveError } from '../core/errors.ts';
import type { Clock } from '../core/ports/environment.ts';
import type { Complaint } from '../core/ports/network.ts';

/** So many pairs of peer and code are remembered; strangers have any number of keys. */
const MAX_REMEMBERED = 256;

/** What peers did wrong, told once each time and remembered as counts. */
export class Complaints {
  readonly #remembered = new Map<string, Complaint>();
  readonly #clock: Clock;
  readonly #onComplaint: ((complaint: Complaint) => void) | undefined;

  constructor(clock: Clock, onComplaint?: (complaint: Complaint) => void) {
    this.#clock = clock;
    this.#onComplaint = onComplaint;
  }

  add(from: string, { code, message: text }: ArchiveError): void {
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
    this.#onComplaint?.(complaint);
  }

  list(): readonly Complaint[] {
    return [...this.#remembered.values()];
  }
}
