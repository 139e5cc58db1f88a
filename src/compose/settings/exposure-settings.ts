import { resolve } from 'node:path';
import { z } from 'zod';
import { type Exposure, parseExposure } from '../../http/connections/exposure.ts';
import type { HomeSettings } from './settings.ts';

const path = z.string().min(1);

/** Where a node answers over HTTP, in `ringfence.json`. */
export const exposureSettings = {
  listen: z
    .string()
    .default('127.0.0.1:0')
    .describe(
      'Where the node answers over HTTP: HOST:PORT, or off; port 0 is any. Off loopback takes `tls` or `behindProxy`.',
    ),
  tls: z
    .strictObject({
      cert: path
        .exactOptional()
        .describe('The certificate in PEM, with those it rests on; a renewed one is taken up.'),
      key: path.exactOptional().describe('Its key in PEM. Relative paths start at the home.'),
    })
    .prefault({}),
  behindProxy: z
    .array(z.string().min(1).max(64))
    .max(64)
    .default([])
    .describe(
      'Addresses of proxies that do TLS, and ranges of them (10.0.0.0/8): without `tls` nobody else is answered off loopback, and whose `X-Forwarded-For` is believed.',
    ),
  publicUrl: z
    .string()
    .exactOptional()
    .describe('How people reach the node: https://archive.example. It answers to that name.'),
};

/**
 * Returns where a node is to answer over HTTP; undefined for nowhere.
 *
 * @throws {ArchiveError} `usage_invalid`.
 */
export function exposureOf(
  settings: Pick<HomeSettings, keyof typeof exposureSettings>,
  home: string,
): Exposure | undefined {
  const { listen, tls } = settings;
  if (listen === 'off') return undefined;
  const placed = Object.entries(tls).map(([name, file]) => [name, resolve(home, file)] as const);
  return parseExposure({ ...settings, tls: Object.fromEntries(placed) });
}
