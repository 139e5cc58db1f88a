import { generateKeyPairSync } from 'node:crypto';
import { didFromPublicKey } from '../../../src/core/entries/did-key.ts';
import { openNetwork } from '../../../src/network/open-network.ts';
import { Pacer } from '../../../src/replica/bytes/pacer.ts';
import { BYTES_PROTOCOL } from '../../../src/replica/bytes/protocol.ts';
import { Replicator } from '../../../src/replica/bytes/replicator.ts';
import { serveBytes } from '../../../src/replica/bytes/serve-bytes.ts';
import { openStore, readAssets } from './fill.ts';
import { measure, type Way } from './way.ts';

/** What nodes do, with the permissions of a test: everybody is a member and may have everything. */
export const ours: Way = {
  async serve(folder, address) {
    await using opening = new AsyncDisposableStack();
    const content = opening.use(await openStore(folder));
    const network = opening.use(await openSockets([`/ip4/${address}/tcp/0`]));
    const server = { content, mayHave: () => true, onDamage: () => {}, pace: async () => {} };
    network.handle(BYTES_PROTOCOL, (stream, signal) => serveBytes(server, stream, signal));
    const cost = measure();
    const opened = opening.move();
    return {
      place: network.addresses[0] ?? '',
      end: async () => {
        const { cpuSeconds } = cost();
        await opened.disposeAsync();
        return cpuSeconds;
      },
    };
  },

  async fetch(folder, place) {
    await using content = await openStore(folder);
    await using network = await openSockets([]);
    const assets = await readAssets(folder);
    const wanted = () => ({
      next: (limit: number) => {
        return { assets: assets.splice(0, limit), isEnd: assets.length === 0 };
      },
    });
    const pacer = new Pacer({}, Date.now, async () => {});
    const replicator = new Replicator({ network, content, wanted, pacer, reserveBytes: 0 });
    await network.dial(place);
    const cost = measure();
    const pass = await replicator.pass(new AbortController().signal);
    const spent = cost();
    if (pass.unmet > 0 || pass.failures.length > 0) throw new Error(JSON.stringify(pass));
    return spent;
  },
};

function openSockets(listen: readonly string[]) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const did = didFromPublicKey(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32);
  return openNetwork({ did, seed, listen, admits: () => 'member', clock: Date.now });
}
