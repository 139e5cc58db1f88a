import { z } from 'zod';
import { refusal, toldEvents, uploadedView } from '../../archive/operations/take-files.ts';
import type { Endpoint } from './endpoint.ts';

/** 256 characters, as JSON Schema counts them. */
const text = z.string().regex(/^[\s\S]{1,256}$/u, 'must be 1 to 256 characters');
/** A name that is not hidden and leads nowhere, in a form that every reader of JSON Schema knows. */
const NAME = String.raw`[^/.\x00-\x1f\x7f-\x9f][^/\x00-\x1f\x7f-\x9f]{0,199}`;
const place = z
  .string()
  .regex(
    new RegExp(`^${NAME}(/${NAME}){0,5}$`, 'u'),
    'must be up to six names with / between them, each of 1 to 200 characters, none beginning with a dot or holding a control character',
  );

/** What is said of the file, as the columns of a catalogue say it (README of `src/intake`). */
const described = {
  title: text.exactOptional(),
  creator: text.exactOptional().describe('Makers, "; " between them; "unknown" where nobody knows'),
  licence: text.exactOptional().describe('An SPDX expression or a rights URI'),
  date: text.exactOptional(),
  source: text.exactOptional(),
  source_url: z.url({ protocol: /^https?$/ }).exactOptional(),
  digital_source_type: text
    .exactOptional()
    .describe('An IPTC term, such as digitalCapture or digitalCreation'),
  kind: text.exactOptional(),
  media_type: text.exactOptional().describe('For what no inspector knows'),
  synthetic: z.enum(['no', 'yes', 'mixed']).exactOptional(),
  note: z
    .string()
    .regex(/^[\s\S]{1,1000}$/u, 'must be 1 to 1,000 characters')
    .exactOptional(),
  tags: text.exactOptional().describe('"; " between them'),
  language: text.exactOptional(),
  work: text.exactOptional().describe('What the file is a part of'),
  part: z
    .string()
    .regex(/^\d{1,9}$/)
    .exactOptional(),
  accession: text.exactOptional(),
};

/** As many uploads as the node remembers of one caller. */
const MOST_TOGETHER = 256;

export const uploadEndpoint = {
  id: 'uploadAsset',
  method: 'post',
  path: '/api/v1/assets',
  summary:
    'Takes in a file, as `ingest` does, and answers when that is durable; takes the right "record". With title, creator and licence it is deposited as described; with none of the words, bare.',
  query: z.strictObject({
    name: place.describe(
      'Its place in the collection: its name, behind folders where there are any',
    ),
    collection: text.default('main'),
    custody: z
      .enum(['true', 'false'])
      .default('false')
      .describe('Whether your institution holds the work; takes a digital_source_type'),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .exactOptional()
      .describe('What the bytes must be; nothing of others is kept'),
    ...described,
  }),
  isKeyed: true,
  body: { type: 'application/octet-stream' },
  answer: {
    description:
      'The asset as it is shown, and what there is to tell about it, as `ingest --json` tells it: 201 where it was deposited now, 200 where it was so before.',
    statuses: [201, 200],
    type: 'application/json',
    schema: uploadedView,
  },
} satisfies Endpoint;

/** How an upload is named by the end of its address. */
const upload = z.string().regex(/^[0-9a-f]{48}$/, 'must be the end of the address of an upload');

export const takeUploadsEndpoint = {
  id: 'takeUploads',
  method: 'post',
  path: '/api/v1/deposits',
  summary:
    'Takes in uploads that have come whole together, in as few entries as `ingest`, and answers when that is durable; takes the right "record". They were begun by whoever asks at /api/v1/uploads (tus 1.0), with `together true` in their metadata. One that is refused stops none of the others; the same question again gives the same assets.',
  body: {
    type: 'application/json',
    schema: z.strictObject({ uploads: z.array(upload).min(1).max(MOST_TOGETHER) }),
  },
  answer: {
    description:
      'What became of each, in the same order: the asset as it is shown, or why it was refused; `events` are about all of them. What is refused as `retryable` can be asked for again.',
    type: 'application/json',
    schema: z.strictObject({
      outcomes: z.array(
        z.union([
          z.strictObject({ upload, asset: uploadedView }),
          z.strictObject({ upload, refusal }),
        ]),
      ),
      events: toldEvents,
    }),
  },
} satisfies Endpoint;

/** Where a file is to be put, and what is said of it. */
export type SaidOfUpload = z.output<typeof uploadEndpoint.query>;
