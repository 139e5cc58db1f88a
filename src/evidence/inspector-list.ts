import type { Inspector } from './inspector.ts';
import { credentials } from './inspectors/credentials.ts';
import { deepMetadata } from './inspectors/deep-metadata.ts';
import { digests } from './inspectors/digests.ts';
import { fingerprints } from './inspectors/fingerprints.ts';
import { format } from './inspectors/format.ts';
import { metadata } from './inspectors/metadata.ts';
import { reservations } from './inspectors/reservations.ts';
import { sourceType } from './inspectors/source-type.ts';
import { traces } from './inspectors/traces.ts';

/** All inspectors of this version, in the order of the findings. */
export const INSPECTORS: readonly Inspector[] = [
  format,
  digests,
  traces,
  sourceType,
  credentials,
  fingerprints,
  reservations,
  metadata,
  deepMetadata,
];
