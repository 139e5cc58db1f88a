import { randomBytes } from 'node:crypto';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { openLedger } from '../../../src/ledger/open-ledger.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { syncWith } from '../../../src/replica/feed/sync-with.ts';
import { openLoopbackNetwork } from '../loopback-network.ts';

/** Pulls all that the node at an address has into the ledger in a file. */
const [path, keyPath, address] = process.argv.slice(2);
if (path === undefined || keyPath === undefined || address === undefined) throw new RangeError();
await using ledger = await openLedger({ path, keyPath, clock: Date.now, randomBytes });
await using network = await openLoopbackNetwork('ben', { listen: [] });
const peer = await network.dial(address);
const { feed, feeds } = ledger;
await syncWith(
  peer,
  { network, feed, feeds, verify: verifySignature, sha256 },
  { onProgress: ({ taken }) => process.stdout.write(`${taken}\n`) },
);
