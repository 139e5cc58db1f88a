import { sha256 } from '@noble/hashes/sha2.js';
import { contentOf } from '../../core/entries/claim-content.ts';
import { payloadOf, readPayload, unsignedPayload } from '../../core/entries/envelope.ts';
import type { Draft } from './sign-statement.ts';

/** Notes that one claim carries at the most. */
const MOST_NOTES = 16;
/** Fewer than an envelope holds, so that none comes near its greatest size. */
const MOST_STATEMENTS = 100;

/**
 * Returns drafts in order, in as few as can be signed at once: each says, word for word, what those say that
 * it is made of, so that one signature and one entry of the ledger hold them all. The same drafts give the
 * same bytes again.
 */
export function joinDrafts<T extends { readonly draft: Draft }>(
  all: readonly T[],
): readonly { readonly of: readonly T[]; readonly draft: Draft }[] {
  const groups: T[][] = [];
  for (const one of all) {
    const group = groups.at(-1);
    const hasRoom =
      group !== undefined &&
      sumOf(group, ({ says }) => says.length) + one.draft.says.length <= MOST_STATEMENTS &&
      sumOf(group, ({ file }) => file.notes.length) + one.draft.file.notes.length <= MOST_NOTES;
    if (hasRoom) group.push(one);
    else groups.push([one]);
  }
  return groups.map((of) => ({ of, draft: joined(of.map(({ draft }) => draft)) }));
}

function sumOf<T extends { readonly draft: Draft }>(
  of: readonly T[],
  count: (draft: Draft) => number,
) {
  return of.reduce((sum, { draft }) => sum + count(draft), 0);
}

function joined(drafts: readonly Draft[]): Draft {
  const [first] = drafts;
  if (first === undefined || drafts.length === 1) return first as Draft;
  const { archive, nonce } = readPayload(first.payload);
  const statements = drafts.flatMap(({ payload }) => readPayload(payload).statements);
  const file = {
    format: first.file.format,
    envelope: unsignedPayload(payloadOf({ archive, nonce, statements })),
    texts: drafts.flatMap((one) => one.file.texts),
    notes: drafts.flatMap((one) => one.file.notes),
    sets: drafts.flatMap((one) => one.file.sets),
  };
  return { ...contentOf(file, sha256), file };
}
