import { expect, it } from 'vitest';
import type { Cid } from '../../../src/core/cid.ts';
import { createLeafSink } from '../../../src/release/file-sink.ts';
import { eraseWords } from '../../../src/release/tables/erase-words.ts';
import { createMemoryContent } from '../../support/memory-content.ts';
import { noise } from '../../support/release-members.ts';

it('reaches words in lines that are not as ours: others cut releases, too', async () => {
  const content = createMemoryContent();
  const cidOf = (name: string) => content.putFile(noise(name, 100)).cid;
  const [erased, kept] = [cidOf('erased'), cidOf('kept')];
  const descriptions = createLeafSink(content);
  const leaves = [
    `{"key":"x","maker":"Ada","of":["${erased}"]}\n`,
    `not JSON, but told by ${erased}: Ada\n`,
    `not JSON, and told by ${kept}: Ben\n`,
    'Ben\n',
  ];
  for (const leaf of leaves) await descriptions.add(Buffer.from(leaf));
  const file = await descriptions.finish();
  const destroyed: Cid[] = [];
  const count = await eraseWords({ files: { 'descriptions.jsonl': file } }, new Set([erased]), {
    getBlock: content.getBlock,
    async destroy(cids) {
      destroyed.push(...cids);
      return cids.length;
    },
  });
  const text = (cid: Cid) => Buffer.from(content.blocks.get(cid) ?? '').toString();
  expect(destroyed.map(text)).toEqual(leaves.slice(0, 2));
  expect(count).toBe(2);
});
