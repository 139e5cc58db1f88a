import { z } from 'zod';
import { fromBase64 } from '../../core/base64.ts';
import { ArchiveError } from '../../core/errors.ts';
import { code, timestamp } from '../../core/statements/fields.ts';
import { certify } from '../claims/certify.ts';
import { revokeCertificate } from '../claims/revoke-certificate.ts';
import { subjectOf } from '../claims/subject.ts';
import { count, entry, sha256 } from './answers/names.ts';
import { subject } from './make-claims.ts';
import { base64Text } from './named.ts';
import { createOperation } from './operation.ts';

const answer = {
  issuer: code,
  number: code,
  checkedAt: timestamp.exactOptional(),
  /** In Base64. */
  snapshot: base64Text,
};

/** What was recorded. */
const certified = z.strictObject({
  entry,
  assets: count.describe('How many it is about'),
  snapshot: sha256,
});

/** Records that a certificate's number was checked at its issuer. */
export const certifyAssets = createOperation({
  name: 'certificate.add',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    ...answer,
    subject,
    outcome: z.enum(['confirmed', 'not-found', 'revoked']),
  }),
  result: certified,
  async run(archive, { subject: meant, snapshot: text, ...said }) {
    const snapshot = snapshotOf(text);
    return certify({ ...said, snapshot, subject: await subjectOf(meant, archive) }, archive);
  },
});

/** Records that an issuer has revoked a certificate, for every asset that rests on it. */
export const revokeOneCertificate = createOperation({
  name: 'certificate.revoke',
  opens: 'archive',
  changes: true,
  input: z.strictObject(answer),
  result: certified,
  run: async (archive, { snapshot, ...said }) =>
    revokeCertificate({ ...said, snapshot: snapshotOf(snapshot) }, archive),
});

function snapshotOf(text: string): Uint8Array {
  const snapshot = fromBase64(text);
  if (snapshot === undefined) throw new ArchiveError('usage_invalid', 'the snapshot is no Base64');
  return snapshot;
}
