import { describeNetwork } from '../contracts/network.ts';
import { signerOf } from '../support/keys.ts';
import { MemoryHub } from '../support/memory-network.ts';

describeNetwork('a network in memory', async () => {
  const hub = new MemoryHub();
  await using opened = new AsyncDisposableStack();
  const open = opened.move();
  return {
    node: async (name, admits) =>
      open.use(hub.open({ did: signerOf(name).did, ...(admits === undefined ? {} : { admits }) })),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
});
