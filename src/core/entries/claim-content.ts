import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import type { Sha256 } from '../hash.ts';
import { readStatement, type Statement } from '../statements/statement.ts';
import type { ShownText } from '../statements/text.ts';
import { type ClaimFile, partsOf, payloadIn } from './claim-file.ts';
import { readPayload } from './envelope.ts';

/** A statement with the words that it names by their CIDs. */
export interface Said {
  readonly statement: Statement;
  /** The text of a consent. */
  readonly text: ShownText | undefined;
  /** The words beside it. */
  readonly note: string | undefined;
  /** The assets of its set, where they came with it. */
  readonly members: readonly Cid[] | undefined;
}

/** What whoever signs a claim says. */
export interface ClaimContent {
  /** What is signed. */
  readonly payload: Uint8Array;
  /** The archive that it speaks to. */
  readonly archive: string;
  readonly says: readonly Said[];
}

/**
 * Returns what a claim says, with the words that its statements name, each checked against its CID: what is
 * shown out of it is what is signed.
 *
 * @throws {ArchiveError} `input_invalid` if it is no claim, if a statement is of no known kind, or if a text
 * or a note that it names did not come with it: nobody signs what was not shown.
 */
export function contentOf(file: ClaimFile, sha256: Sha256): ClaimContent {
  const payload = payloadIn(file);
  const { archive, statements } = readPayload(payload);
  const parts = partsOf(file, sha256);
  const placeIn = (list: readonly { readonly cid: Cid }[], cid: Cid) =>
    list.findIndex((one) => one.cid === cid);
  const says = statements.map((outline): Said => {
    const reading = readStatement(outline);
    if (reading.outcome !== 'known') throw invalid(`holds a ${outline.kind} that is none`);
    const { statement } = reading;
    const { about, body } = statement;
    const text =
      statement.kind === 'consent'
        ? file.texts[placeIn(parts.texts, statement.body.text)]
        : undefined;
    if (statement.kind === 'consent' && text === undefined) {
      throw invalid('does not hold the text that its consent names');
    }
    const record = 'record' in body ? body.record : null;
    const note = record === null ? undefined : file.notes[placeIn(parts.notes, record)]?.text;
    if (record !== null && note === undefined) {
      throw invalid(`does not hold the note that its ${statement.kind} names`);
    }
    const set = about !== null && 'set' in about ? about.set : undefined;
    const members = set && parts.sets[placeIn(parts.sets, set)]?.members;
    return { statement, text, note, members };
  });
  return { payload, archive, says };
}

function invalid(problem: string): ArchiveError {
  return new ArchiveError('input_invalid', `this claim ${problem}; it is not to be signed`);
}
