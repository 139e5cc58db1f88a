import { existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Segment } from '../../src/core/ports/content-store.ts';
import { SegmentFiles } from '../../src/evidence/segment-files.ts';
import { HEAD_BYTES, SegmentSource } from '../../src/evidence/segment-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cidOf } from './support/inspected.ts';

const folder = temporaryFolder();
const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
const paths = Array.from({ length: 24 }, (_, file) => join(folder.path, `${file}`));
for (const path of paths) writeFileSync(path, bytes);
afterAll(() => folder[Symbol.dispose]());

function sourceOf(segments: readonly Segment[], size: number, files: SegmentFiles): SegmentSource {
  return new SegmentSource(
    { cid: cidOf(bytes), size, segments, filename: 'a' },
    files,
    150_000,
    new Uint8Array(HEAD_BYTES),
  );
}

/** How many of the test's own files this process has open. */
function openPacks(): number {
  const links = readdirSync('/proc/self/fd').flatMap((file) => {
    const path = `/proc/self/fd/${file}`;
    return existsSync(path) ? [readlinkSync(path)] : [];
  });
  return links.filter((target) => target.startsWith(folder.path)).length;
}

describe('the bytes of an asset', () => {
  it('are those of its segments joined, wherever they are read', () => {
    using files = new SegmentFiles();
    const segment = fc.record({
      path: fc.constantFrom(...paths),
      offset: fc.nat(150_000),
      length: fc.nat(30_000),
    });
    const range = fc.record({ offset: fc.nat(220_000), length: fc.nat(150_000) });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 8 }), range, (segments, { offset, length }) => {
        const parts = segments.map((part) =>
          bytes.subarray(part.offset, part.offset + part.length),
        );
        const whole = Buffer.concat(parts);
        const source = sourceOf(segments, whole.length, files);
        const wanted = whole.subarray(offset, offset + length);
        expect(Buffer.compare(source.read(offset, length), wanted)).toBe(0);
        expect(Buffer.compare(source.head, whole.subarray(0, 65_536))).toBe(0);
        const target = new Uint8Array(length);
        expect(source.readInto(offset, target)).toBe(wanted.length);
        expect(Buffer.compare(target.subarray(0, wanted.length), wanted)).toBe(0);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it.skipIf(!existsSync('/proc/self/fd'))(
    'are read with few files open, which are closed in the end (skipped without /proc)',
    () => {
      const openBefore = openPacks();
      const files = new SegmentFiles();
      const segments = paths.map((path) => ({ path, offset: 0, length: 10 }));
      sourceOf(segments, 10 * paths.length, files);
      expect(openPacks() - openBefore).toBeLessThanOrEqual(16);
      expect(openPacks()).toBeGreaterThan(openBefore);
      files[Symbol.dispose]();
      expect(openPacks()).toBe(openBefore);
    },
  );

  it('are not read in pieces above the limit', () => {
    using files = new SegmentFiles();
    const source = sourceOf([{ path: paths[0] ?? '', offset: 0, length: 200_000 }], 200_000, files);
    expect(() => source.read(0, 150_001)).toThrow(expect.objectContaining({ reason: 'limit' }));
  });
});
