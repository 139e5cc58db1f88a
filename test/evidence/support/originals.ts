import { readFileSync } from 'node:fs';
import type { Original } from '../../../src/core/ports/rendering.ts';

/** Returns bytes as the store would give them to a program that shows or converts them. */
export function original(bytes: Uint8Array | string, mediaType: string): Original {
  const whole = Buffer.from(bytes);
  return {
    size: whole.length,
    mediaType,
    async *read() {
      yield whole;
    },
  };
}

export function originalFile(path: string, mediaType: string): Original {
  return original(readFileSync(path), mediaType);
}
