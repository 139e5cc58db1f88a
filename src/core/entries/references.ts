import { type Cid, isCid } from '../cid.ts';
import { MAX_ITEM_PAGES } from '../statements/asset-kinds.ts';
import { type EntryHash, isEntryHash, type StatementId } from '../statements/fields.ts';
import type { KindName } from '../statements/kinds.ts';
import { readStatement, type Statement, type StatementOutline } from '../statements/statement.ts';

/**
 * What statements name. Three sorts, with three rules: *companions* come with the entry or it is not
 * accepted, *documents* and *records* must be there when a statement is made here, and *references*
 * must lie in the entry's past or the statement counts for nothing.
 */

/**
 * Returns the blocks that belong to the entry of this statement: the root of the set it is about, the
 * envelope it was signed in, the document it proposes, the items it attests. Part of the frozen outline,
 * so every node asks for the same, whatever kinds it knows. A set's pages follow from its root.
 */
export function companionsOf(outline: StatementOutline): Cid[] {
  const named: unknown[] = [setOf(outline), outline.signed?.envelope];
  if (outline.kind === 'proposal' && outline.v === 1) named.push(outline.body['document']);
  const items = outline.kind === 'attestation' && outline.v === 1 ? outline.body['items'] : [];
  // The outline's body is anything that fits into a batch: a list of a million numbers as well.
  if (Array.isArray(items) && items.length <= MAX_ITEM_PAGES) named.push(...items);
  return named.filter(isCid);
}

/** Returns the set a statement is about, undefined where it is about one asset or none. */
export function setOf(outline: StatementOutline): Cid | undefined {
  return outline.about !== null && 'set' in outline.about ? outline.about.set : undefined;
}

/**
 * Returns the other documents that a statement of a known kind rests on. Whether they are here has no
 * bearing on what the statement counts for.
 */
export function documentsOf(statement: Statement): readonly Cid[] {
  switch (statement.kind) {
    case 'consent':
      return [statement.body.text];
    case 'release':
      return [statement.body.policy];
    case 'timestamp':
      return [statement.body.token];
    default:
      return [];
  }
}

/** The kinds of {@link documentsOf}: bodies of others need not be read. */
const WITH_DOCUMENTS: ReadonlySet<string> = new Set<KindName>(['consent', 'release', 'timestamp']);

/** Returns what {@link documentsOf} does, of a statement of which only the outline is known. */
export function documentsIn(outline: StatementOutline): readonly Cid[] {
  if (!WITH_DOCUMENTS.has(outline.kind)) return [];
  const reading = readStatement(outline);
  return reading.outcome === 'known' ? documentsOf(reading.statement) : [];
}

/** Returns the records that a statement names: its own, and the envelope it was carried in. */
export function recordsOf(outline: StatementOutline): Cid[] {
  return [outline.body['record'], outline.carried?.envelope].filter(isCid);
}

/** Returns the records that a statement says are to be erased, whether or not it may. */
export function recordsErasedBy(outline: StatementOutline): readonly Cid[] {
  if (outline.kind !== 'erasure') return [];
  const reading = readStatement(outline);
  const isErasure = reading.outcome === 'known' && reading.statement.kind === 'erasure';
  return isErasure ? reading.statement.body.records : [];
}

/** Returns the entries that a statement refers to, by their hash or by a statement in them. */
export function referencesOf(statement: Statement): readonly Reference[] {
  switch (statement.kind) {
    case 'description':
      return toReferences([statement.body.deposit]);
    case 'declaration':
      return toReferences([statement.body.identity?.vouchedBy]);
    case 'licence':
      return toReferences([statement.body.deposit, ...statement.body.replaces]);
    case 'consent':
      return toReferences([statement.body.under, ...statement.body.replaces]);
    case 'withdrawal':
      return toReferences(statement.body.consents);
    case 'review':
      return toReferences([...statement.body.evidence, statement.body.sample?.attestation]);
    case 'dispute':
      return toReferences(statement.body.against);
    case 'resolution':
      return toReferences(statement.body.of);
    case 'release':
      return toReferences([statement.body.state]);
    case 'model':
      return toReferences(statement.body.receipts);
    case 'removal':
      return toReferences([statement.body.confirms]);
    case 'acknowledgement':
      return toReferences([statement.body.of]);
    case 'revoke':
      return toReferences(statement.body.last);
    case 'admit':
      return toReferences([statement.body.invitation]);
    case 'adopt':
      return toReferences(statement.body.entries);
    case 'proposal': {
      const { base, stewards } = statement.body;
      const last = stewards?.last.flatMap(({ entries }) => entries) ?? [];
      return toReferences([isCid(base) ? null : base, ...last]);
    }
    case 'approval':
    case 'enactment':
      return toReferences([statement.body.proposal]);
    default:
      return [];
  }
}

export interface Reference {
  readonly entry: EntryHash;
  /** Place in the batch; undefined where the entry itself is meant. */
  readonly place: number | undefined;
}

function toReferences(names: readonly (StatementId | EntryHash | null | undefined)[]): Reference[] {
  return names.flatMap((name) => {
    if (name === null || name === undefined) return [];
    const [entry, place] = name.split('/');
    // The schemas have read both as entry hash and number; this keeps the type.
    if (!isEntryHash(entry)) return [];
    return [{ entry, place: place === undefined ? undefined : Number(place) }];
  });
}
