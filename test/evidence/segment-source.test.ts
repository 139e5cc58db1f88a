import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Segment } from '../../src/core/ports/content-store.ts';
import { SegmentFiles } from '../../src/evidence/segment-files.ts';
import { SegmentSource } from '../../src/evidence/segment-source.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cidOf } from './support/inspected.ts';

const folder = temporaryFolder();
const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 8)) & 0xff);
const paths = Array.from({ length: 24 }, (_, file) => join(folder.path, `${file}`));
for (const path of paths) writeFileSync(path, bytes);
afterAll(() => folder[Symbol.dispose]());

function sourceOf(segments: readonly Segment[], size: number, files: SegmentFiles): SegmentSource {
  return new SegmentSource({ cid: cidOf(bytes), size, segments, filename: 'a' }, files, 150_000);
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

  it('are not read in pieces above the limit', () => {
    using files = new SegmentFiles();
    const source = sourceOf([{ path: paths[0] ?? '', offset: 0, length: 200_000 }], 200_000, files);
    expect(() => source.read(0, 150_001)).toThrow(expect.objectContaining({ reason: 'limit' }));
  });
});
