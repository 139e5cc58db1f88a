import type { ErrorCode } from '../core/errors.ts';

/** Exit statuses, as `--help` prints them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  incomplete: 3,
  unsound: 4,
  noHome: 10,
  locked: 11,
  newer: 12,
  corrupt: 13,
  full: 14,
  notFound: 15,
  refused: 16,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each status means, for people. */
export const EXIT_TEXTS: Readonly<Record<keyof typeof EXIT, string>> = {
  done: 'done',
  failed: 'a failure that no other status describes',
  usage: 'the command line or an input file is wrong',
  incomplete: 'done, but some files or rows could not be taken',
  unsound: 'verify found something wrong',
  noHome: 'there is no archive here, or there is one already where none may be',
  locked: 'another process has the archive open',
  newer: 'the archive was written by a newer version',
  corrupt: 'a file of the archive is damaged',
  full: 'the disk is full',
  notFound: 'nothing of that name is in the archive',
  refused: 'the rules do not allow it',
  interrupted: 'interrupted',
};

/** The exit status of each error code. */
export const EXIT_OF_CODE: Readonly<Record<ErrorCode, ExitCode>> = {
  usage_invalid: EXIT.usage,
  input_invalid: EXIT.usage,
  file_unreadable: EXIT.usage,
  file_changed: EXIT.failed,
  digest_mismatch: EXIT.usage,
  catalogue_invalid: EXIT.usage,
  row_invalid: EXIT.usage,
  row_without_file: EXIT.usage,
  row_duplicate: EXIT.usage,
  licence_unknown: EXIT.usage,
  not_found: EXIT.notFound,
  home_missing: EXIT.noHome,
  home_exists: EXIT.noHome,
  home_locked: EXIT.locked,
  home_newer: EXIT.newer,
  home_corrupt: EXIT.corrupt,
  filesystem_unsuitable: EXIT.usage,
  disk_full: EXIT.full,
  block_missing: EXIT.corrupt,
  block_corrupt: EXIT.corrupt,
  deletion_refused: EXIT.refused,
  entry_rejected: EXIT.refused,
  statement_rejected: EXIT.refused,
  format_unknown: EXIT.newer,
  policy_unknown: EXIT.notFound,
  release_empty: EXIT.refused,
  release_invalid: EXIT.refused,
  export_conflict: EXIT.refused,
  peer_unreachable: EXIT.failed,
  peer_refused: EXIT.refused,
  peer_timeout: EXIT.failed,
  peer_invalid: EXIT.failed,
  peer_equivocates: EXIT.unsound,
  invitation_invalid: EXIT.refused,
  not_a_member: EXIT.refused,
  aborted: EXIT.interrupted,
  internal: EXIT.failed,
};
