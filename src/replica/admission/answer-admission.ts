import { readEntry } from '../../core/entries/entry.ts';
import { fromEntryHash } from '../../core/entries/entry-hash.ts';
import { seesEntries } from '../../core/entries/standing.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import { type Sha256, toHex } from '../../core/hash.ts';
import type { Clock, RandomBytes } from '../../core/ports/environment.ts';
import type { Ledger } from '../../core/ports/ledger.ts';
import type { Answer, Network, PeerStream } from '../../core/ports/network.ts';
import { encodeBlock } from '../../core/statements/block.ts';
import type { EntryHash, StatementId } from '../../core/statements/fields.ts';
import { encodeRecord } from '../../core/statements/record.ts';
import { createStatement, readStatement } from '../../core/statements/statement.ts';
import {
  ADDRESS_PREFIX,
  ADMISSION,
  type Application,
  application,
  charterDocuments,
  MAX_REFUSAL,
  readMessage,
} from './protocol.ts';

/** What admitting needs of a node. */
export interface AdmissionParts {
  readonly network: Pick<Network, 'handle' | 'recheck' | 'complain'>;
  readonly ledger: Pick<
    Ledger,
    'address' | 'append' | 'block' | 'charter' | 'charterCid' | 'memberOf'
  >;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly sha256: Sha256;
}

/**
 * Admits newcomers who show an invitation, from now on.
 *
 * The admission is durable here when the newcomer is told of it. A newcomer who is a member already is
 * admitted again without a second entry, so joining can be tried again after a kill.
 */
export function serveAdmission(parts: AdmissionParts): void {
  const answerOne: Answer = async (stream) => {
    const asked = readMessage(application, await stream.receive());
    try {
      await admit(stream, asked, parts);
    } catch (error) {
      const refusal = toRefusal(error);
      const text = `showed an invitation and was refused: ${refusal.text}`;
      parts.network.complain(stream.peer, new ArchiveError(refusal.code, text));
      const refused = { type: 'refused', ...refusal };
      await stream.send(encodeBlock(refused, parts.sha256).bytes);
      return;
    }
    await parts.network.recheck();
    const member = parts.ledger.memberOf(stream.peer);
    await sendArchive(stream, member !== undefined && seesEntries(member), parts);
  };
  parts.network.handle(ADMISSION, answerOne);
}

async function admit(
  { peer }: PeerStream,
  asked: Application,
  parts: AdmissionParts,
): Promise<void> {
  const { ledger, clock, randomBytes, sha256 } = parts;
  if (asked.archive !== ledger.address) {
    throw new ArchiveError('not_found', `this node keeps another archive, ${ledger.address}`);
  }
  if (ledger.memberOf(peer) !== undefined) return;
  const expires = expiryOf(asked.invitation, ledger);
  if (Date.parse(expires) <= clock()) throw invalid(`it has expired, at ${expires}`);
  const record =
    asked.name === ''
      ? undefined
      : encodeRecord(
          { type: 'name', name: asked.name, salt: randomBytes(16) },
          randomBytes(16),
          sha256,
        );
  const at = `${new Date(clock()).toISOString().slice(0, 19)}Z`;
  const statement = createStatement('admit', null, at, {
    invitation: asked.invitation,
    id: peer,
    proof: toHex(asked.proof),
    record: record?.cid ?? null,
  });
  await ledger.append({
    statements: [statement],
    records: record === undefined ? [] : [record],
    documents: [],
  });
  if (ledger.memberOf(peer) === undefined) throw invalid('it was revoked, or used by another key');
}

/** Returns until when an invitation may be used. @throws {ArchiveError} `invitation_invalid`. */
function expiryOf(id: StatementId, ledger: AdmissionParts['ledger']): string {
  const [hash = ''] = id.split('/');
  const bytes = ledger.block(fromEntryHash(hash as EntryHash));
  const payload = bytes === undefined ? undefined : readEntry(bytes).payload;
  if (payload !== undefined && 'statement' in payload) {
    const reading = readStatement(payload.statement);
    if (reading.outcome === 'known' && reading.statement.kind === 'invitation') {
      return reading.statement.body.expires;
    }
  }
  throw invalid('this node does not know it; perhaps it has not come here yet');
}

async function sendArchive(
  stream: PeerStream,
  entries: boolean,
  { ledger, sha256 }: AdmissionParts,
): Promise<void> {
  const { address, charter, charterCid } = ledger;
  const manifest = fromEntryHash(address.slice(ADDRESS_PREFIX.length) as EntryHash);
  const cids = [manifest, charterCid, ...charterDocuments(charter)];
  const blocks = cids.map((cid) => {
    const bytes = ledger.block(cid);
    if (bytes !== undefined) return bytes;
    throw new ArchiveError(
      'home_corrupt',
      `${cid}, which the charter names, is missing; run verify`,
    );
  });
  await stream.send(
    encodeBlock({ type: 'admitted', blocks: blocks.length, entries }, sha256).bytes,
  );
  for (const bytes of blocks) await stream.send(Uint8Array.from(bytes));
}

/** What the rules of the ledger say against an admission is said of the invitation. */
function toRefusal(error: unknown): { readonly code: ErrorCode; readonly text: string } {
  if (!(error instanceof ArchiveError)) throw error;
  const code = error.code === 'statement_rejected' ? 'invitation_invalid' : error.code;
  return { code, text: error.message.slice(0, MAX_REFUSAL) };
}

function invalid(why: string): ArchiveError {
  return new ArchiveError('invitation_invalid', `the invitation is not good: ${why}`);
}
