import { textOfUnits, type Units } from './csv-encoding.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const MOST_FIELDS = 4096;

/**
 * `more`: the record does not end within the units given. `broken`: its quotes do not pair, or it has
 * more than 4,096 fields.
 */
type Scan = 'record' | 'more' | 'broken';

/**
 * Finds the fields of one CSV record (RFC 4180, any one-unit delimiter, lines ended by LF, CRLF or CR).
 * A quote inside a field that does not begin with one is an ordinary character, as in `5" disk`.
 *
 * Own, because records are read one by one from their place in the file, in three encodings, and a
 * record with a broken quote must not take its neighbours with it. The tests hold it against csv-parse.
 *
 * What a scan found is valid until the next one.
 */
export class RecordScanner {
  readonly #delimiter: number;
  #units: Units = new Uint8Array();
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #count = 0;

  /** Where the next record begins. */
  next = 0;
  /** Line ends that were passed. */
  lines = 0;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  get fieldCount(): number {
    return this.#count;
  }

  /** Whether the record is an empty line. */
  get isEmpty(): boolean {
    return this.#count === 1 && this.#starts[0] === this.#ends[0] && !this.#isQuoted(0);
  }

  /** Returns the text of a field, empty when the record has fewer; undefined if it is not well-formed. */
  field(index: number): string | undefined {
    if (index >= this.#count) return '';
    const text = textOfUnits(this.#units.subarray(this.#starts[index], this.#ends[index]));
    return this.#isQuoted(index) ? text?.replaceAll('""', '"') : text;
  }

  /** Scans the record that begins at `from`; `isLast` says that no units follow after these. */
  scan(units: Units, from: number, isLast: boolean): Scan {
    this.#units = units;
    this.#count = 0;
    this.lines = 0;
    const end = units.length;
    let at = from;
    while (this.#count < MOST_FIELDS) {
      at = units[at] === QUOTE ? this.#quotedField(at + 1) : this.#plainField(at);
      if (at < 0) return isLast ? 'broken' : 'more';
      if (at >= end) {
        this.next = end;
        return isLast ? 'record' : 'more';
      }
      const unit = units[at];
      if (unit === this.#delimiter) {
        at += 1;
        continue;
      }
      if (unit !== LINE_FEED && unit !== CARRIAGE_RETURN) return 'broken';
      const next = afterLineEnd(units, at);
      if (unit === CARRIAGE_RETURN && at + 1 === end && !isLast) return 'more';
      this.next = next;
      this.lines += 1;
      return 'record';
    }
    return 'broken';
  }

  /** Returns where the field that begins after a quote ends, its closing quote passed; -1: nowhere. */
  #quotedField(start: number): number {
    const units = this.#units;
    for (let at = start; at < units.length; at += 1) {
      const unit = units[at];
      if (unit === QUOTE) {
        if (units[at + 1] !== QUOTE) {
          this.#add(start, at);
          return at + 1;
        }
        at += 1;
      } else if (unit === LINE_FEED || (unit === CARRIAGE_RETURN && units[at + 1] !== LINE_FEED)) {
        this.lines += 1;
      }
    }
    return -1;
  }

  #plainField(start: number): number {
    const units = this.#units;
    let at = start;
    for (; at < units.length; at += 1) {
      const unit = units[at];
      if (unit === this.#delimiter || unit === LINE_FEED || unit === CARRIAGE_RETURN) break;
    }
    this.#add(start, at);
    return at;
  }

  #add(start: number, end: number): void {
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  /** Only a quote that was passed can stand before a field; before any other stands a delimiter. */
  #isQuoted(index: number): boolean {
    const start = this.#starts[index] ?? 0;
    return this.#units[start - 1] === QUOTE;
  }
}

/** Returns where the line after the one that `from` lies in begins; -1 if these units do not tell. */
export function afterLine(units: Units, from: number): number {
  for (let at = from; at < units.length; at += 1) {
    const unit = units[at];
    if (unit === LINE_FEED || unit === CARRIAGE_RETURN) return afterLineEnd(units, at);
  }
  return -1;
}

function afterLineEnd(units: Units, at: number): number {
  return units[at] === CARRIAGE_RETURN && units[at + 1] === LINE_FEED ? at + 2 : at + 1;
}
