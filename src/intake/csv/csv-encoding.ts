import { isUtf8 } from 'node:buffer';

/** How the bytes of a CSV file are text. All three can be read from any record's place in the file. */
export interface CsvEncoding {
  readonly name: 'UTF-8' | 'UTF-16LE' | 'UTF-16BE';
  /** Bytes of the mark in front. */
  readonly markLength: number;
  /** Bytes of a code unit: offsets and lengths are multiples of it. */
  readonly unitLength: 1 | 2;
}

/** Code units of a stretch of the file, in the order of this machine. */
export type Units = Uint8Array | Uint16Array;

/** Recognises the encoding by its mark; a file without one is UTF-8. */
export function encodingOf(head: Uint8Array): CsvEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) {
    return { name: 'UTF-16LE', markLength: 2, unitLength: 2 };
  }
  if (head[0] === 0xfe && head[1] === 0xff) {
    return { name: 'UTF-16BE', markLength: 2, unitLength: 2 };
  }
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { name: 'UTF-8', markLength: marked ? 3 : 0, unitLength: 1 };
}

/**
 * Returns the code units of bytes just read from the file, in place: the bytes of UTF-16BE are
 * swapped. `bytes` begins at a code unit, and at an even place of its buffer. The machines that Node
 * runs on count from the low end.
 */
export function unitsOf(bytes: Buffer, encoding: CsvEncoding): Units {
  if (encoding.unitLength === 1) return bytes;
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
  if (encoding.name === 'UTF-16BE') whole.swap16();
  return new Uint16Array(whole.buffer, whole.byteOffset, whole.length / 2);
}

/** Returns the text of code units; undefined if they are not well-formed. */
export function textOfUnits(units: Units): string | undefined {
  const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);
  if (units instanceof Uint8Array) return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  const text = bytes.toString('utf16le');
  return text.isWellFormed() ? text : undefined;
}
