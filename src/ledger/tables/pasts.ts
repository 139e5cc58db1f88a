import type { Database } from '../../sqlite/database.ts';
import { damaged } from '../damaged.ts';

/** The governance entries in an entry's past, by their numbers, one bit each. Never changed. */
export interface Past {
  /** Without zero bytes at the end, so that one set has one form. */
  readonly bits: Uint8Array;
  /** The same as text, to look it up by. */
  readonly key: string;
}

/** What of a parent decides the past of its child. */
export interface Parent {
  readonly past: Past;
  /** Its number if it is a governance entry itself. */
  readonly rule: number | null;
}

const EMPTY_PAST: Past = pastOf(new Uint8Array(0));

function pastOf(bits: Uint8Array): Past {
  const end = bits.findLastIndex((byte) => byte !== 0) + 1;
  const trimmed = bits.subarray(0, end);
  return { bits: trimmed, key: Buffer.from(trimmed).toString('latin1') };
}

/** Returns the past that holds the first `count` governance entries to arrive. */
export function firstRules(count: number): Past {
  const bits = new Uint8Array(Math.ceil(count / 8)).fill(0xff);
  if (count % 8 !== 0) bits[bits.length - 1] = (1 << (count % 8)) - 1;
  return pastOf(bits);
}

export function hasRule({ bits }: Past, rule: number): boolean {
  return ((bits[rule >> 3] ?? 0) & (1 << (rule & 7))) !== 0;
}

export function* rulesIn({ bits }: Past): Generator<number> {
  for (const [place, byte] of bits.entries()) {
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) yield place * 8 + bit;
  }
}

/** Returns the past of an entry over these parents: what theirs hold, and themselves. */
export function pastOver(parents: readonly Parent[]): Past {
  const [first] = parents;
  if (first === undefined) return EMPTY_PAST;
  const isSame = parents.every(({ past, rule }) => rule === null && past.key === first.past.key);
  if (isSame) return first.past;
  const length = Math.max(
    ...parents.map(({ past, rule }) => Math.max(past.bits.length, ((rule ?? -8) >> 3) + 1)),
  );
  const bits = new Uint8Array(length);
  for (const { past, rule } of parents) {
    for (const [place, byte] of past.bits.entries()) bits[place] = (bits[place] ?? 0) | byte;
    if (rule !== null) bits[rule >> 3] = (bits[rule >> 3] ?? 0) | (1 << (rule & 7));
  }
  return pastOf(bits);
}

/** Pasts that are kept in memory. */
const KEPT = 1_024;

/** The rows of `pasts`: each set of governance entries once, however many entries have it. */
export class Pasts {
  readonly #read;
  readonly #find;
  readonly #add;
  readonly #known = new Map<number, Past>();

  constructor(db: Database) {
    this.#read = db.prepare<{ rules: Uint8Array }>('SELECT rules FROM pasts WHERE id = ?');
    this.#find = db.prepare<{ id: number }>('SELECT id FROM pasts WHERE rules = ?');
    this.#add = db.prepare<never>('INSERT INTO pasts (rules) VALUES (?)');
  }

  at(id: number): Past {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const row = this.#read.get(id);
    if (row === undefined) throw damaged(`past ${id} is missing`);
    const past = pastOf(row.rules);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(id, past);
    return past;
  }

  /** Returns the number of a past, storing it the first time; belongs into a transaction. */
  idOf({ bits }: Past): number {
    return this.#find.get(bits)?.id ?? this.#add.run(bits).lastRowId;
  }
}
