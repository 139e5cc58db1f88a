import type { Database, Statement } from '../../sqlite/database.ts';

/** Answers kept. */
const MOST = 4096;

/**
 * Keeps answers for as long as nobody has committed anything to the file that they were read from. That there is
 * none, which is undefined, is not kept: whoever asks for what does not exist pushes no answer out.
 */
export class WhileUnchanged<Answer> {
  readonly #version: Statement<{ data_version: number }>;
  readonly #known = new Map<string, Answer>();
  #at: number | undefined;

  constructor(db: Database) {
    this.#version = db.prepare('PRAGMA data_version');
  }

  /** Returns the answer to what `key` names, which `read` finds out where it is not known. */
  get(key: string, read: () => Answer): Answer {
    const now = this.#version.get()?.data_version;
    if (now !== this.#at) this.#known.clear();
    this.#at = now;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = read();
    if (answer === undefined) return answer;
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(key, answer);
    return answer;
  }
}
