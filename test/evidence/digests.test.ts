import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { INSPECTORS } from '../../src/evidence/inspector-list.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { cidOf, pick, storeAsPack } from './support/inspected.ts';

const folder = temporaryFolder();
const inspectors = openInspectors({ workers: 1 });
afterAll(async () => {
  await inspectors[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('the digests of an asset', () => {
  it.each([0, 1, 65_536, 65_537, 1_048_576, 1_048_577, 3_300_000])(
    'are right for %i bytes',
    async (size) => {
      const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 9)) & 0xff);
      const [findings] = await inspectors.inspect(
        storeAsPack(folder.path, [{ filename: 'a.bin', bytes }]),
      );
      expect(pick(findings ?? [], 'digests')).toEqual({
        inspector: 'digests',
        version: 1,
        outcome: 'found',
        facts: { sha256: createHash('sha256').update(bytes).digest('hex') },
        raw: [],
      });
    },
  );

  it('make the whole asset unreadable when the bytes are not those of its raw CID', async () => {
    const bytes = Buffer.from('{"title": "a drawing"}');
    const requests = storeAsPack(folder.path, [{ filename: 'a.json', bytes }]);
    const cid = cidOf(Buffer.from('{"title": "another"}'));
    const [findings] = await inspectors.inspect(requests.map((request) => ({ ...request, cid })));
    expect(findings).toHaveLength(INSPECTORS.length);
    for (const { outcome, facts } of findings ?? []) {
      expect({ outcome, facts }).toMatchObject({
        outcome: 'unreadable',
        facts: { reason: 'bytes-do-not-match' },
      });
    }
  });
});
