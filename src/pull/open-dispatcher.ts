import { EnvHttpProxyAgent } from 'undici';

/** How long a connection may take to be made. */
const CONNECT_MS = 15_000;

/** Returns how nodes are reached: by the proxies that are named, and directly where none is. */
export function openDispatcher(proxies: {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
}): EnvHttpProxyAgent {
  // An empty text is no proxy; without one, undici would look at the environment itself.
  const { httpProxy = '', httpsProxy = '', noProxy = '' } = proxies;
  return new EnvHttpProxyAgent({
    ...{ httpProxy, httpsProxy, noProxy, connect: { timeout: CONNECT_MS } },
    // Files share connections; one connection is as fast as its window.
    connections: 64,
  });
}
