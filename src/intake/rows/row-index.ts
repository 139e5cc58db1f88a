import { hash } from 'node:crypto';
import type { RecordPlace } from '../csv/scan-records.ts';
import { DigestTable } from './digest-table.ts';
import { NumberList } from './number-list.ts';

/**
 * What became of an entry when the catalogue was opened. `usable`: it names a file; `duplicate`: an
 * earlier one names the same; `nameless`: its path cannot be used; `broken`: its quotes do not pair.
 */
type Fate = 'usable' | 'duplicate' | 'nameless' | 'broken';

const FATES: readonly Fate[] = ['usable', 'duplicate', 'nameless', 'broken'];

/** One file that a record names, or should have named. */
export interface RowEntry extends RecordPlace {
  readonly fate: Fate;
  /** Which of the record's paths this is. */
  readonly position: number;
  /** Which file of its work this is, counted from 1 over the whole catalogue; 0 without a work. */
  readonly part: number;
}

/**
 * Where each row of a catalogue lies, and which row a path has. About 60 to 80 bytes for each row;
 * the rows themselves stay in the file.
 */
export class RowIndex {
  readonly #offsets = new NumberList((capacity) => new Float64Array(capacity));
  readonly #lengths = new NumberList((capacity) => new Uint32Array(capacity));
  readonly #lines = new NumberList((capacity) => new Uint32Array(capacity));
  readonly #positions = new NumberList((capacity) => new Uint16Array(capacity));
  readonly #parts = new NumberList((capacity) => new Uint32Array(capacity));
  readonly #fates = new NumberList((capacity) => new Uint8Array(capacity));
  readonly #found = new NumberList((capacity) => new Uint8Array(capacity));
  /** Paths in Unicode NFC. */
  readonly #paths = new DigestTable();
  /** For each path in NFC its first entry plus one, and for each entry the next of the same path. */
  readonly #firsts = new NumberList((capacity) => new Uint32Array(capacity));
  readonly #nexts = new NumberList((capacity) => new Uint32Array(capacity));
  /** 0 for a path that is in NFC as written, else a mark of its exact spelling. */
  readonly #spellings = new NumberList((capacity) => new Uint32Array(capacity));

  get size(): number {
    return this.#offsets.length;
  }

  /**
   * Adds a file that a record names. Returns its entry; undefined if the exact path was added before,
   * and this one is a duplicate.
   */
  addFile(place: RecordPlace, path: string, position: number): number | undefined {
    const number = this.#paths.add(path.normalize('NFC'));
    const spelling = spellingOf(path);
    if (this.#withSpelling(number, spelling) !== undefined) {
      this.#push(place, 'duplicate', position);
      return undefined;
    }
    const entry = this.#push(place, 'usable', position);
    this.#spellings.set(entry, spelling);
    if (number === this.#firsts.length) this.#firsts.push(0);
    this.#nexts.set(entry, this.#firsts.at(number));
    this.#firsts.set(number, entry + 1);
    return entry;
  }

  /** Adds a record, or one path of it, that names no file. */
  addFault(place: RecordPlace, fate: 'nameless' | 'broken', position: number): void {
    this.#push(place, fate, position);
  }

  setPart(entry: number, part: number): void {
    this.#parts.set(entry, part);
  }

  entry(entry: number): RowEntry {
    return {
      offset: this.#offsets.at(entry),
      length: this.#lengths.at(entry),
      line: this.#lines.at(entry),
      fate: FATES[this.#fates.at(entry)] ?? 'broken',
      position: this.#positions.at(entry),
      part: this.#parts.at(entry),
    };
  }

  /** Returns the entry with exactly this path. */
  findExact(path: string): number | undefined {
    const number = this.#paths.find(path.normalize('NFC'));
    return number === undefined ? undefined : this.#withSpelling(number, spellingOf(path));
  }

  /** Returns the entries whose paths equal this one in NFC, whatever their spelling. */
  findSimilar(path: string): number[] {
    const number = this.#paths.find(path.normalize('NFC'));
    return number === undefined ? [] : [...this.#sharing(number)];
  }

  /** Records that the file of this entry was met. */
  markFound(entry: number): void {
    this.#found.set(entry, 1);
  }

  wasFound(entry: number): boolean {
    return this.#found.at(entry) === 1;
  }

  #push(place: RecordPlace, fate: Fate, position: number): number {
    const entry = this.size;
    this.#offsets.push(place.offset);
    this.#lengths.push(place.length);
    this.#lines.push(place.line);
    this.#positions.push(position);
    this.#parts.push(0);
    this.#fates.push(FATES.indexOf(fate));
    this.#found.push(0);
    this.#nexts.push(0);
    this.#spellings.push(0);
    return entry;
  }

  #withSpelling(number: number, spelling: number): number | undefined {
    for (const entry of this.#sharing(number)) {
      if (this.#spellings.at(entry) === spelling) return entry;
    }
    return undefined;
  }

  *#sharing(number: number): Generator<number, void, undefined> {
    for (let held = this.#firsts.at(number); held > 0; held = this.#nexts.at(held - 1)) {
      yield held - 1;
    }
  }
}

function spellingOf(path: string): number {
  if (path === path.normalize('NFC')) return 0;
  return hash('sha256', path, 'buffer').readUInt32LE(0) || 1;
}
