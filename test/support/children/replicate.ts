import { writeSync } from 'node:fs';
import { byteNode, meet } from '../../replica/bytes/node.ts';
import { MemoryHub } from '../memory-network.ts';

/**
 * Fetches one asset from a node that has it to one that has not, writing a line for each message that
 * left. Arguments: the folders of the two, the asset and its size.
 */
const [from = '', to = '', cid = '', size = ''] = process.argv.slice(2);
const hub = new MemoryHub();
await using sender = await byteNode(hub, 1, {
  folder: from,
  pace: async (byteLength) => {
    writeSync(1, `${byteLength}\n`);
  },
});
await using receiver = await byteNode(hub, 2, { folder: to });
await meet(receiver, sender);
// It was printed by the test that stored it.
const asset = { cid: cid as (typeof sender)['damaged'][number], size: Number(size) };
await receiver.replicator([asset]).pass(new AbortController().signal);
