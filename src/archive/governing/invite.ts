import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { toHex } from '../../core/hash.ts';
import type { SignerOf } from '../../core/ports/keys.ts';
import { formatInvitation, type Inviter } from '../../core/sharing/invitation.ts';
import { parseReplicaPolicy } from '../../core/sharing/replica-policy.ts';
import type { Role } from '../../core/statements/kinds.ts';
import { createStatement } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { timestampOf } from '../now.ts';

export interface InviteRequest {
  readonly role: Exclude<Role, 'steward' | 'maker'>;
  /** Id of the organisation the newcomer acts for; undefined for a new one. */
  readonly organisation: string | undefined;
  /** `all`, `eligible`, `none`, `collection:ID` or `media:TYPE`. */
  readonly replica: string;
  readonly lifetimeMs: number;
  /** Nodes that can admit, this one among them. */
  readonly inviters: readonly Inviter[];
  readonly networkKey: Uint8Array | undefined;
}

export interface Invited {
  /** The string to hand over. Whoever has it can join, once. */
  readonly invitation: string;
  /** The statement, by which the invitation is revoked. */
  readonly id: string;
  /** The one-time key, as a member is named in a revocation. */
  readonly key: Did;
  readonly organisation: string;
  readonly expires: string;
}

/**
 * Invites somebody and returns the string that lets them in. The statement is durable when the
 * promise resolves; the private key that belongs to it is in the string and nowhere else.
 *
 * @throws {ArchiveError} `input_invalid` for a replica policy that there is not, `statement_rejected`
 * if this home is not a steward's; `usage_invalid` for a witness that is to hold anything.
 */
export async function invite(
  request: InviteRequest,
  parts: Pick<Archive, 'ledger' | 'clock' | 'randomBytes' | 'sha256'> & {
    readonly signerOf: SignerOf;
  },
): Promise<Invited> {
  const { ledger, clock, randomBytes, sha256, signerOf } = parts;
  const isNone = parseReplicaPolicy(request.replica).kind === 'none';
  if (request.role === 'witness' && !isNone) {
    throw new ArchiveError(
      'usage_invalid',
      'a witness holds nothing; invite it with --policy none',
    );
  }
  const seed = randomBytes(32);
  const { did: key } = signerOf(seed);
  const organisation = request.organisation ?? toHex(randomBytes(16));
  const expires = timestampOf(() => clock() + request.lifetimeMs);
  const { role, replica, inviters, networkKey } = request;
  const body = { key, role, organisation, replica, expires };
  const statement = createStatement('invitation', null, timestampOf(clock), body);
  const { ids } = await ledger.append({ statements: [statement], records: [], documents: [] });
  const [id] = ids;
  if (id === undefined) throw new TypeError('an append gives an id for each statement');
  const invitation = formatInvitation(
    {
      ...{ archive: ledger.address, statement: id, seed, inviters, networkKey },
      expires: Date.parse(expires),
    },
    sha256,
  );
  return { invitation, id, key, organisation, expires };
}
