import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { ScreeningSettings } from '../../intake/screening/create-screening.ts';

/** `HOST:PORT` of this machine, or the path of a socket; bytes go to no other machine. */
const clamdPlace = z
  .string()
  .refine(
    (text) => text.startsWith('/') || addressIn(text) !== undefined,
    'must be the path of a socket, or 127.0.0.1:PORT or [::1]:PORT',
  );

/** `screening` in `ringfence.json`. */
export const screeningSettings = z.strictObject({
  clamd: clamdPlace
    .exactOptional()
    .describe('Where ClamAV’s clamd listens: the path of a socket, or 127.0.0.1:PORT.'),
  hashLists: z
    .array(z.string().min(1))
    .max(64)
    .default([])
    .describe('Files of hashes; relative paths start at the home.'),
});

export type ScreeningPlaces = z.output<typeof screeningSettings>;

/** Returns the settings with their places made out. */
export function screeningOf(
  { clamd, hashLists }: ScreeningPlaces,
  home: string,
): ScreeningSettings {
  return {
    clamd: clamd === undefined ? undefined : (addressIn(clamd) ?? { path: clamd }),
    hashLists: hashLists.map((path) => resolve(home, path)),
  };
}

function addressIn(text: string) {
  const [, v6, v4, port] = /^(?:\[(::1)\]|(127\.\d+\.\d+\.\d+)):(\d{1,5})$/.exec(text) ?? [];
  const host = v6 ?? v4 ?? '';
  return isIP(host) === 0 || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}
