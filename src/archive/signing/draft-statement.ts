import type { Cid } from '../../core/cid.ts';
import { type ClaimFile, noteBlock } from '../../core/entries/claim-file.ts';
import { payloadOf, unsignedPayload } from '../../core/entries/envelope.ts';
import { toHex } from '../../core/hash.ts';
import type { BodyOf, KindName } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import type { Subject } from '../claims/subject.ts';
import { timestampOf } from '../now.ts';

/**
 * Returns one statement about an asset or a set, ready to be signed by the key of a browser. Writes nothing.
 *
 * @throws {ArchiveError} `statement_rejected` naming what is wrong with the words.
 */
export function draftStatement<K extends KindName>(
  kind: K,
  bodyWith: (record: Cid | null) => BodyOf<K>,
  { subject, note: text }: { readonly subject: Subject; readonly note: string | undefined },
  {
    ledger,
    clock,
    randomBytes,
    sha256,
  }: Pick<Archive, 'ledger' | 'clock' | 'randomBytes' | 'sha256'>,
): ClaimFile {
  const note = text === undefined ? undefined : { nonce: toHex(randomBytes(16)), text };
  const body = bodyWith(note === undefined ? null : noteBlock(note, sha256).cid);
  const statement = createStatement(kind, subject.about, timestampOf(clock), body);
  const nonce = toHex(randomBytes(16));
  return {
    format: 'ringfence-claim/1',
    envelope: unsignedPayload(
      payloadOf({ archive: ledger.address, nonce, statements: [statement] }),
    ),
    texts: [],
    notes: note === undefined ? [] : [note],
    sets: subject.documents.length > 0 ? [[...subject.members]] : [],
  };
}
