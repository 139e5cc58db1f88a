import { z } from 'zod';
import type { Cid } from '../cid.ts';
import { ArchiveError } from '../errors.ts';
import { faultOf } from '../foreign-data.ts';
import { assetCid, cid, did, documentCid, hex32, timestamp } from './fields.ts';
import { type BodyOf, isKind, KINDS, type KindName } from './kinds.ts';

/** What a statement is about: one asset, or a frozen set of assets, or nothing. */
export type About = { readonly asset: Cid } | { readonly set: Cid } | null;

/** What kinds may be called, known or not. */
export const KIND_NAME = /^[a-z][a-z-]{0,31}$/;

export const MAX_VERSION = 65_535;

const about = z.union([
  z.strictObject({ asset: assetCid }),
  z.strictObject({ set: documentCid }),
  z.null(),
]);

/**
 * The frozen outline of a statement. Every node, however old, can read this much of every
 * statement; the body belongs to its kind and version.
 */
export const statementOutline = z
  .strictObject({
    kind: z.string().regex(KIND_NAME),
    v: z.number().int().min(1).max(MAX_VERSION),
    about,
    at: timestamp,
    body: z.custom<Readonly<Record<string, unknown>>>(isMap, 'must be a map'),
    /**
     * Present where an outsider's DSSE envelope says this: the record that holds the envelope, and a
     * salted commitment to the signer's did:key. The entry's author only carries the statement.
     */
    carried: z.strictObject({ envelope: documentCid, signer: hex32 }).optional(),
    /**
     * Present where a member signed this elsewhere (in a browser): the member's key, and the DSSE
     * envelope as a raw block that travels with the batch. The statement is judged on that signer.
     */
    signed: z.strictObject({ by: did, envelope: cid }).optional(),
  })
  .refine(
    (s) => s.carried === undefined || s.signed === undefined,
    'is carried or signed, not both',
  );

export type StatementOutline = z.output<typeof statementOutline>;

/** Blocks hold plain data only, so an object that is no list and no byte string is a map. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** A statement of a known kind whose body keeps the kind's schema. */
export type Statement<K extends KindName = KindName> = {
  [Name in K]: Omit<StatementOutline, 'kind' | 'body' | 'v'> & {
    readonly kind: Name;
    readonly v: 1;
    readonly body: BodyOf<Name>;
  };
}[K];

/** What {@link readStatement} makes of an outline. */
export type Reading =
  | { readonly outcome: 'known'; readonly statement: Statement }
  /** A kind or version of a newer program. Kept, passed on, and it makes its assets ineligible. */
  | { readonly outcome: 'unknown'; readonly outline: StatementOutline }
  /** A known kind whose body or subject breaks the schema. Counts for nothing; `doctor` lists it. */
  | { readonly outcome: 'bad'; readonly outline: StatementOutline; readonly problem: string };

/**
 * Statements that {@link createStatement} has made. They are frozen through and through, so what they
 * were read as when they were made, they are.
 */
const made = new WeakMap<StatementOutline, Statement>();

/** Says whether the statement was made here, and so keeps the outline and the schema of its kind. */
export function isMadeHere(outline: StatementOutline): boolean {
  return made.has(outline);
}

/** Reads the body of a statement by the schema of its kind. Never throws. */
export function readStatement(outline: StatementOutline): Reading {
  const known = made.get(outline);
  return known === undefined ? readBody(outline) : { outcome: 'known', statement: known };
}

function readBody(outline: StatementOutline): Reading {
  if (!isKind(outline.kind) || outline.v !== 1) return { outcome: 'unknown', outline };
  const kind = KINDS[outline.kind];
  const problem = aboutProblem(outline, kind.about);
  if (problem !== undefined) return { outcome: 'bad', outline, problem };
  const body = kind.body.safeParse(outline.body);
  if (!body.success) return { outcome: 'bad', outline, problem: faultOf(body.error) };
  // The body has just been read by the schema that belongs to this kind.
  return { outcome: 'known', statement: { ...outline, body: body.data } as Statement };
}

/**
 * Returns a statement of a known kind, checked as every other node will check it, and frozen.
 *
 * @throws {ArchiveError} `statement_rejected` naming the field that is wrong.
 */
export function createStatement<K extends KindName>(
  kind: K,
  about: About,
  at: string,
  body: BodyOf<K>,
): StatementOutline {
  const outline = statementOutline.safeParse({ kind, v: 1, about, at, body });
  if (!outline.success) throw rejected(kind, faultOf(outline.error));
  const reading = readBody(outline.data);
  if (reading.outcome === 'bad') throw rejected(kind, reading.problem);
  if (reading.outcome === 'unknown') throw rejected(kind, 'its kind is not known');
  // What a schema has read is a copy, so freezing it concerns nobody else.
  const statement = freeze(reading.statement);
  made.set(statement, statement);
  return statement;
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) freeze(part);
  }
  return Object.freeze(value);
}

function aboutProblem(
  outline: StatementOutline,
  allowed: (typeof KINDS)[KindName]['about'],
): string | undefined {
  if (allowed === 'anything') return undefined;
  if (allowed === 'nothing') {
    return outline.about === null ? undefined : `a ${outline.kind} is about no asset`;
  }
  if (outline.about === null) return `a ${outline.kind} must name an asset`;
  if (allowed === 'asset' && 'set' in outline.about) {
    return `a ${outline.kind} is about one asset, not a set`;
  }
  return undefined;
}

function rejected(kind: string, problem: string): ArchiveError {
  return new ArchiveError('statement_rejected', `this ${kind} cannot be recorded: ${problem}`);
}
