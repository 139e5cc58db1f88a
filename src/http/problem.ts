import { STATUS_CODES } from 'node:http';
import { ArchiveError, type ErrorCode } from '../core/errors.ts';

/** The HTTP status of each error code. */
export const STATUS_OF_CODE: Readonly<Record<ErrorCode, number>> = {
  usage_invalid: 400,
  input_invalid: 400,
  file_unreadable: 400,
  file_changed: 409,
  digest_mismatch: 400,
  catalogue_invalid: 400,
  row_invalid: 400,
  row_without_file: 400,
  row_duplicate: 400,
  licence_unknown: 400,
  busy: 503,
  too_large: 413,
  idempotency_key_reused: 422,
  idempotency_unsettled: 409,
  rate_limited: 429,
  not_found: 404,
  home_missing: 503,
  home_exists: 409,
  home_locked: 503,
  home_newer: 503,
  home_corrupt: 503,
  filesystem_unsuitable: 503,
  screening_unavailable: 503,
  disk_full: 507,
  block_missing: 404,
  block_corrupt: 500,
  content_withdrawn: 410,
  content_removed: 410,
  content_barred: 451,
  deletion_refused: 403,
  entry_rejected: 422,
  statement_rejected: 422,
  review_refused: 422,
  sign_in_required: 401,
  sign_in_invalid: 401,
  link_invalid: 403,
  not_allowed: 403,
  format_unknown: 501,
  policy_unknown: 404,
  tool_missing: 501,
  media_unsuitable: 422,
  media_unreadable: 422,
  work_limit: 422,
  preview_unavailable: 404,
  derivation_refused: 422,
  rendition_refused: 422,
  release_empty: 422,
  model_refused: 422,
  release_exists: 409,
  release_invalid: 422,
  format_unavailable: 406,
  export_conflict: 409,
  peer_unreachable: 502,
  peer_refused: 403,
  peer_timeout: 504,
  peer_invalid: 502,
  peer_equivocates: 409,
  invitation_invalid: 403,
  backup_invalid: 400,
  proof_invalid: 400,
  home_restored: 409,
  member_missing: 409,
  aborted: 503,
  internal: 500,
};

/** A problem document of RFC 9457, with our code, which is the contract. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: ErrorCode;
  readonly retryable: boolean;
}

/** Returns the problem document of a failure. What is wrong inside the program is not told. */
export function toProblem(error: unknown, status?: number): Problem {
  const known = error instanceof ArchiveError ? error : undefined;
  const code = known?.code ?? 'internal';
  const of = status ?? STATUS_OF_CODE[code];
  return {
    type: 'about:blank',
    title: STATUS_CODES[of] ?? 'Error',
    status: of,
    ...(known === undefined || code === 'internal' ? {} : { detail: known.message }),
    code,
    retryable: known?.retryable ?? false,
  };
}
