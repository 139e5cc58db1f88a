import { describeNetwork } from '../contracts/network.ts';
import { openLoopbackNetwork } from '../support/loopback-network.ts';

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
