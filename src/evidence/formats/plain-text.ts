import { isUtf8 } from 'node:buffer';
import type { ByteSource } from '../inspector.ts';

const SAMPLE_BYTES = 64 * 1024;

/**
 * How the bytes read as text: `unicode` if they are UTF-8, or UTF-16 with a byte order mark, without
 * control characters; `unknown` if they have none but are of another encoding; `no` if they are not
 * text. Looks at the first and the last 64 KiB.
 */
export function textKind(source: ByteSource): 'unicode' | 'unknown' | 'no' {
  const { head } = source;
  if (head.length === 0) return 'no';
  const order = byteOrderMark(head);
  if (order !== undefined) return isUtf16(head, order) ? 'unicode' : 'no';
  const tail =
    source.size > head.length
      ? source.read(Math.max(head.length, source.size - SAMPLE_BYTES), SAMPLE_BYTES)
      : head.subarray(0, 0);
  if (hasControls(head) || hasControls(tail)) return 'no';
  return isUtf8Part(head) && isUtf8Part(tail) ? 'unicode' : 'unknown';
}

function byteOrderMark(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
}

function isUtf16(head: Uint8Array, order: 'utf-16le' | 'utf-16be'): boolean {
  const whole = head.subarray(0, head.length - (head.length % 2));
  const text = new TextDecoder(order).decode(whole);
  return !hasControls(Buffer.from(text)) && !text.slice(0, -1).includes('\ufffd');
}

/** Tab, line feed, form feed and carriage return are part of texts, other control characters not. */
const CONTROLS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const isPartOfText = byte === 9 || byte === 10 || byte === 12 || byte === 13;
  return (byte < 0x20 && !isPartOfText) || byte === 0x7f ? 1 : 0;
});

/** Four bytes at a time, which is four times as fast; for a text, little else takes time. */
function hasControls(bytes: Uint8Array): boolean {
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    const found =
      (CONTROLS[bytes[at] ?? 0] ?? 0) |
      (CONTROLS[bytes[at + 1] ?? 0] ?? 0) |
      (CONTROLS[bytes[at + 2] ?? 0] ?? 0) |
      (CONTROLS[bytes[at + 3] ?? 0] ?? 0);
    if (found !== 0) return true;
  }
  return bytes.subarray(at).some((byte) => CONTROLS[byte] === 1);
}

/** A sample may begin and end inside a character of up to four bytes. */
function isUtf8Part(bytes: Uint8Array): boolean {
  let start = 0;
  while (start < Math.min(3, bytes.length) && isContinuation(bytes[start])) start += 1;
  let end = bytes.length;
  while (end > Math.max(start, bytes.length - 3) && isContinuation(bytes[end - 1])) end -= 1;
  const isCut = end > start && (bytes[end - 1] ?? 0) >= 0xc0 && !isUtf8(bytes.subarray(start));
  return isUtf8(bytes.subarray(start, isCut ? end - 1 : undefined));
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
