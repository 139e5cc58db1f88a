import { z } from 'zod';
import type { UploadSettings } from '../../http/uploads/upload-room.ts';

const GIB = 1_073_741_824;
const bytes = z.number().int().min(0);
const mostOf = (role: string, gib: number) =>
  bytes.default(gib * GIB).describe(`The largest file that ${role} may send, in bytes.`);

/** `uploads` in `ringfence.json`: what may come in over HTTP. */
export const uploadSettings = z.strictObject({
  atOnce: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(8)
    .describe('Uploads that come in at once; more are told to come back.'),
  mostBytes: z
    .strictObject({
      owner: mostOf('the owner', 1024),
      steward: mostOf('a steward', 256),
      archivist: mostOf('an archivist', 64),
    })
    .prefault({}),
  keptHours: z
    .number()
    .int()
    .min(1)
    .max(720)
    .default(24)
    .describe('Hours that a resumable upload may take, from its beginning.'),
  keepFreeBytes: bytes
    .default(GIB)
    .describe('Bytes that uploads leave free on the disks of the home and its packs.'),
}) satisfies z.ZodType<UploadSettings>;
