/**
 * Every code the archive can answer with. HTTP statuses and exit codes are looked up from it;
 * the code is the contract, the message is for people.
 */
export const ERROR_CODES = [
  /** Arguments, options or values the caller typed. */
  'usage_invalid',
  /** Data from outside that does not have the form it must have. */
  'input_invalid',
  /** A file that cannot be opened or read. */
  'file_unreadable',
  /** A file whose size, times or bytes changed while it was being read. */
  'file_changed',
  /** Bytes whose sha-256 or size is not what the catalogue row says. */
  'digest_mismatch',
  /** A catalogue file, or its mapping, that cannot be read as one. */
  'catalogue_invalid',
  /** One row of a catalogue that cannot be used. */
  'row_invalid',
  /** A catalogue row whose file is not there. */
  'row_without_file',
  /** A second catalogue row for a file that already has one. */
  'row_duplicate',
  /** A licence that is neither SPDX, nor a known rights URI, nor a LicenseRef. */
  'licence_unknown',
  /** There is as much to do as this node takes on, or who did it is lost; the same call may succeed a little later. */
  'busy',
  /** More bytes than are taken in one piece. */
  'too_large',
  /** An `Idempotency-Key` that came with another request. */
  'idempotency_key_reused',
  /** A request that was begun under its `Idempotency-Key` and has no answer, or none yet. */
  'idempotency_unsettled',
  /** More requests than one address or key may send in a while. */
  'rate_limited',
  /** Nothing of that name or CID is in the archive. */
  'not_found',
  /** There is no archive in the home folder. */
  'home_missing',
  /** There is an archive in the home folder already. */
  'home_exists',
  /** Another process has the home open. */
  'home_locked',
  /** The home was written by a newer version of the program. */
  'home_newer',
  /** A file of the home is damaged or missing. */
  'home_corrupt',
  /** A restored home that has not reached a partner since: it can be read and not written. */
  'home_restored',
  /** A backup that is unfinished, damaged, of another archive, or whose passphrase is another. */
  'backup_invalid',
  /** A proof that does not hold: damaged, of another archive, or about something else. */
  'proof_invalid',
  /** A folder lies on a file system that cannot keep SQLite safe. */
  'filesystem_unsuitable',
  /** A program or list that bytes are to be screened with, and that cannot be asked. */
  'screening_unavailable',
  /** The disk is full, or a quota is reached. */
  'disk_full',
  /** A block that is not stored here. */
  'block_missing',
  /** A stored block whose bytes do not match its CID. */
  'block_corrupt',
  /** What was withdrawn or removed, and is given out no more. */
  'content_withdrawn',
  /** Bytes of a removed asset, which nobody takes in again and no program reads. */
  'content_removed',
  /** What is not given out while a takedown or quarantine of it is open. */
  'content_barred',
  /** Stored content is never deleted by this version. */
  'deletion_refused',
  /** An entry that breaks the acceptance rules. */
  'entry_rejected',
  /** A statement that breaks the schema of its kind, or that the signer's role may not make. */
  'statement_rejected',
  /** A review by somebody with a stake, or of a draw that is not theirs to judge. */
  'review_refused',
  /** The key of this home is no member's, not yet or no longer: it reads and does not write. */
  'member_missing',
  /** Something that takes a sign-in, asked for without one. */
  'sign_in_required',
  /** A token that is not valid here and now, or of nobody who may sign in. */
  'sign_in_invalid',
  /** A link that signs a browser in, and was used, has ended or never was. */
  'link_invalid',
  /** Something that the roles of whoever asks do not allow. */
  'not_allowed',
  /** A ledger whose format number this version does not know. */
  'format_unknown',
  /** A policy, trust list or rule version that is not known here. */
  'policy_unknown',
  /** A program that is needed and not installed. */
  'tool_missing',
  /** An asset of a kind that cannot be shown, or converted in the way asked for. */
  'media_unsuitable',
  /** Bytes that the program for their kind cannot read. */
  'media_unreadable',
  /** Bytes whose reading needs more time, memory or room than is given for it. */
  'work_limit',
  /** An asset of which no preview can be made. */
  'preview_unavailable',
  /** Something not deposited, or declared a named maker's, that is said to be a program's output. */
  'derivation_refused',
  /** A rendition of a work that is stopped, or that does not come out of its master. */
  'rendition_refused',
  /** A model that is to be registered with a release that was cut for another use. */
  'model_refused',
  /** A release that would hold no asset. */
  'release_empty',
  /** A name and version that another release has. */
  'release_exists',
  /** A release, shard or member that cannot be written in the format. */
  'release_invalid',
  /** A form in which what was asked for is not given. */
  'format_unavailable',
  /** A file that is already where an export would write, with other bytes. */
  'export_conflict',
  /** A peer that cannot be reached, or whose connection is gone. */
  'peer_unreachable',
  /** A peer that does not let this node in, or that this node does not let in. */
  'peer_refused',
  /** A peer that said nothing for too long. */
  'peer_timeout',
  /** A peer that broke a protocol: what it sent is not what it must be. */
  'peer_invalid',
  /** A peer that has signed two histories that cannot both be true. */
  'peer_equivocates',
  /** An invitation that is unknown, expired, revoked or used. */
  'invitation_invalid',
  /** The caller gave up, or the process is ending. */
  'aborted',
  /** A defect of the program itself. */
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * A failure a caller can act on.
 *
 * The message names the thing, what is wrong and what to do; it may change, `code` may not.
 * `retryable` says whether the same call can succeed later without anyone changing the input.
 */
export class ArchiveError extends Error {
  override readonly name: string = 'ArchiveError';
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly retryable?: boolean } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/**
 * Returns what went wrong as an {@link ArchiveError}, for whoever tells it. Where closing failed after
 * the work had failed, the work's failure is told. No more files may be open: `busy`. What else is no
 * ArchiveError is a defect: `internal`.
 */
export function asArchiveError(error: unknown): ArchiveError {
  if (error instanceof ArchiveError) return error;
  // The newer failure is `error`, the one before it `suppressed`.
  if (error instanceof SuppressedError) return asArchiveError(error.suppressed);
  if (error instanceof Error && 'code' in error && OPEN_LIMITS.has(String(error.code))) {
    const text = `too many files are open (${error.code}); raise the limit of open files, of which a node takes some hundreds`;
    return new ArchiveError('busy', text, { cause: error, retryable: true });
  }
  return new ArchiveError('internal', `a defect of the program: ${String(error)}`, {
    cause: error,
  });
}

/** Of the process, and of the system. */
const OPEN_LIMITS = new Set(['EMFILE', 'ENFILE']);
