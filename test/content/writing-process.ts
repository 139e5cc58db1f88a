import { createHash } from 'node:crypto';
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Cid } from '../../src/core/cid.ts';
import { openStore } from './open-store.ts';

/**
 * Run by the kill test as a process of its own: stores files for ever and says on standard output,
 * one CID a line, which ones it was told are durable. Now and then it destroys one: `- CID WORD` says
 * so before, with what the file repeats in hexadecimal digits, and `! CID` after.
 */
const [folder = '', seed = ''] = process.argv.slice(2);
await using store = await openStore(folder, { maxPackBytes: 20_000_000, lockFolder: folder });
writeSync(1, 'open\n');
let number = 0;
const random = (limit: number) => {
  number += 1;
  return createHash('sha256').update(`${seed} ${number}`).digest().readUInt32BE() % limit;
};
const bytesOf = (size: number) =>
  Buffer.alloc(size, createHash('sha256').update(`${seed} ${number}`).digest());
for (;;) {
  const cids = [];
  let last: { readonly cid: Cid; readonly word: string } | undefined;
  for (let i = random(40); i >= 0; i -= 1) {
    const bytes = bytesOf(random(50_000));
    const { cid } = await store.putFile({ bytes });
    cids.push(cid);
    if (bytes.length > 64) last = { cid, word: bytes.toString('hex', 0, 32) };
  }
  if (random(3) === 0) {
    const path = join(folder, 'large');
    writeFileSync(path, bytesOf(1_048_577 + random(8_000_000)));
    cids.push((await store.putFile({ path })).cid);
  }
  await store.sync(cids);
  writeSync(1, `${cids.join('\n')}\n`);
  if (last === undefined) continue;
  writeSync(1, `- ${last.cid} ${last.word}\n`);
  await store.destroy([last.cid]);
  writeSync(1, `! ${last.cid}\n`);
}
