/** A part of a file: `offset` and `length` in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Digits of 2^64 - 1, which some programs name as the end of whatever there is. */
const PART = /^(?:\d{1,20}-\d{0,20}|-\d{1,20})$/;

/**
 * Reads a `Range` header (RFC 9110 §14.2) for a file of `size` bytes. Undefined where the whole file
 * is to be sent: there is none, or it is not understood. Of several parts the first that is there.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  // One expression for all parts would try every way to cut a row of digits into ranges.
  const [, text = ''] = /^bytes=(.*)$/i.exec(header ?? '') ?? [];
  const ranges = text.split(',').map((part) => part.trim());
  const parts = ranges.filter((part) => part !== '').map((part) => rangeOf(part, size));
  if (parts.length === 0 || parts.includes(undefined)) return undefined;
  return parts.find((part) => part !== 'unsatisfiable') ?? 'unsatisfiable';
}

function rangeOf(text: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  if (!PART.test(text)) return undefined;
  const [first = '', last = ''] = text.split('-');
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { offset: size - length, length };
  }
  const offset = Number(first);
  if (last !== '' && Number(last) < offset) return undefined;
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  return offset >= size ? 'unsatisfiable' : { offset, length: end - offset };
}
