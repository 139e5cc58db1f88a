import { Unreadable } from '../inspector.ts';

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
const PAGE_BYTES = 65_536;

/**
 * Returns WebAssembly bytes whose one memory may not grow beyond `mostBytes`, whatever the module
 * itself allows: a file that unpacks to gigabytes ends its own instance and nothing else.
 *
 * Only the memory section changes (WebAssembly core specification, 5.5.8: a count, then limits).
 */
export function boundedModule(bytes: Uint8Array, mostBytes: number): Uint8Array<ArrayBuffer> {
  let at = 8;
  while (at < bytes.length) {
    const id = bytes[at];
    const size = readNumber(bytes, at + 1);
    const end = size.end + size.value;
    if (id === MEMORY_SECTION) {
      const least = readNumber(bytes, size.end + 2);
      const limits = [HAS_MAXIMUM, ...number(least.value), ...number(mostBytes / PAGE_BYTES)];
      const section = [1, ...limits];
      const head = [MEMORY_SECTION, ...number(section.length), ...section];
      return joined(bytes.subarray(0, at), Uint8Array.from(head), bytes.subarray(end));
    }
    at = end;
  }
  throw new Unreadable('failed', 'the validator has no memory section');
}

/** LEB128, as all numbers of the format. */
function readNumber(bytes: Uint8Array, start: number): { readonly value: number; end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at += 1, factor *= 128) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
  }
}

function number(value: number): number[] {
  const rest = Math.floor(value);
  return rest < 0x80 ? [rest] : [(rest & 0x7f) | 0x80, ...number(rest / 128)];
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
