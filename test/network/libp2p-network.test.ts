import { expect, it } from 'vitest';
import type { Network, PeerStream, Protocol } from '../../src/core/ports/network.ts';
import { describeNetwork } from '../contracts/network.ts';
import { signerOf } from '../support/keys.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';

const TALK: Protocol = {
  name: '/ringfence/talk/1',
  strangers: false,
  maxMessageBytes: 1_024,
  idleMs: 10_000,
  maxStreams: 8,
};

for (const transport of ['tcp', 'WebSocket']) {
  describeNetwork(`a network over ${transport}`, async () => {
    await using opened = new AsyncDisposableStack();
    const open = opened.move();
    return {
      node: async (name, admits) =>
        open.use(
          await openLoopbackNetwork(name, {
            listen: [`/ip4/127.0.0.1/tcp/0${transport === 'tcp' ? '' : '/ws'}`],
            ...(admits === undefined ? {} : { admits }),
          }),
        ),
      [Symbol.asyncDispose]: () => open.disposeAsync(),
    };
  });
}

it('asks the node that called, where two run with one key, beside the stream of the call', async () => {
  await using called = await openLoopbackNetwork('called');
  const { did } = signerOf('twin');
  const calls: PeerStream[] = [];
  const release = Promise.withResolvers<void>();
  called.handle(TALK, async (stream) => {
    await stream.receive();
    calls.push(stream);
    await release.promise;
  });
  await using first = await openLoopbackNetwork('twin', { listen: [] });
  await using second = await openLoopbackNetwork('twin', { listen: [] });
  for (const [i, twin] of [first, second].entries()) await call(twin, String(i));
  const answers: string[] = [];
  for (const options of [...calls.map((beside) => ({ beside })), {}]) {
    using asked = await called.open(did, TALK, options);
    answers.push(text(await asked.receive()));
  }
  release.resolve();
  // The newest connection is the one of the second.
  expect(answers).toEqual(['0', '1', '1']);

  async function call(twin: Network, name: string): Promise<void> {
    twin.handle(TALK, (stream) => stream.send(new TextEncoder().encode(name)));
    const peer = await twin.dial(called.addresses[0] ?? '');
    const stream = await twin.open(peer, TALK);
    await stream.send(new TextEncoder().encode(name));
    await expect.poll(() => calls.length).toBe(Number(name) + 1);
  }
});

function text(message: Uint8Array | undefined): string {
  return new TextDecoder().decode(message);
}
