import { z } from 'zod';
import { exposureSettings } from './exposure-settings.ts';
import { inquirySettings } from './inquiry-settings.ts';
import { likenessSettings } from './likeness-settings.ts';
import { makerSettings } from './maker-settings.ts';
import { rateSettings } from './rate-settings.ts';
import { releaseSettings } from './release-settings.ts';
import { replicaSettings } from './replica-settings.ts';
import { screeningSettings } from './screening-settings.ts';
import { uploadSettings } from './upload-settings.ts';

/** Version of the layout of a home. A home of a newer one is left alone. */
export const HOME_VERSION = 1;

const addresses = (most: number) => z.array(z.string().min(1).max(256)).max(most).default([]);

const networkSettings = z.strictObject({
  listen: addresses(16).describe('Addresses that the node listens on for other nodes.'),
  announce: addresses(16).describe(
    'Addresses that invitations name, where others reach this node; those it listens on if empty.',
  ),
  peers: addresses(64).describe('Addresses of nodes that are kept connected.'),
  introductions: z
    .boolean()
    .default(true)
    .describe('Whether members tell each other where they are reached, and call each other there.'),
  visitors: z
    .number()
    .int()
    .min(0)
    .max(1_024)
    .default(48)
    .describe('Nodes of others that may be connected at once for what is public; 0 lets none in.'),
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')
    .nullable()
    .default(null)
    .describe('32 bytes in hexadecimal that all nodes of a ring-fenced archive have.')
    .meta({ isSecret: true }),
});

/**
 * `ringfence.json`. What a setting means is said here and nowhere else: names of variables, the help
 * of `ringfence config` and the table of this folder's README are made of it (`settings-table.ts`).
 */
export const homeSettings = z.strictObject({
  version: z.number().int().min(1),
  packs: z
    .array(z.string().min(1))
    .min(1)
    .max(64)
    .describe('Folders of packs; relative ones start at the home.'),
  ...exposureSettings,
  log: z
    .strictObject({
      requests: z
        .boolean()
        .default(true)
        .describe('Whether each HTTP request has a line in the log.'),
    })
    .prefault({}),
  releases: releaseSettings.prefault({}),
  replica: replicaSettings.prefault({}),
  screening: screeningSettings.prefault({}),
  likeness: likenessSettings.prefault({}),
  inquiries: inquirySettings.prefault({}),
  makers: makerSettings.prefault({}),
  uploads: uploadSettings.prefault({}),
  rates: rateSettings.prefault({}),
  network: networkSettings.prefault({}),
});

export type HomeSettings = z.output<typeof homeSettings>;

/** How a home meets others; one that says nothing of it listens nowhere and dials nobody. */
export type NetworkSettings = HomeSettings['network'];
