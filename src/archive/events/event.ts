import { z } from 'zod';
import type { Arrival } from '../../core/ports/ledger.ts';

const about = {
  /** CID of the asset that it is about, or of the set of assets. */
  asset: z.string().optional(),
  set: z.string().optional(),
};

const word = z.enum(['eligible', 'hold', 'ineligible']).nullable();

/**
 * What a node tells of as it happens, by name. What comes out of the ledger carries its arrival number
 * and can be told again from there; `progress` and `peer` are of the moment.
 */
export const EVENTS = {
  /** An entry was taken into the ledger; its statements that stand. */
  statements: z.object({
    arrival: z.int(),
    entry: z.string(),
    author: z.string(),
    statements: z.array(z.object({ id: z.string(), kind: z.string(), at: z.string(), ...about })),
  }),
  /** A consent was withdrawn, or a takedown or removal said: whoever serves or uses the asset stops. */
  withdrawal: z.object({
    arrival: z.int(),
    id: z.string(),
    kind: z.string(),
    at: z.string(),
    ...about,
  }),
  /** The verdict on an asset is another, by the default question; null for no asset of the archive's. */
  verdict: z.object({
    arrival: z.int(),
    asset: z.string(),
    before: word,
    after: word,
    purpose: z.string(),
    policy: z.string(),
    requester: z.string(),
  }),
  /**
   * Something was withdrawn from a release, or is served again: its newest withdrawal list. Told with the list that is
   * in force whenever a reader goes on, so that whoever was away learns of it.
   */
  revision: z.object({
    release: z.string(),
    name: z.string(),
    version: z.string(),
    purpose: z.string(),
    requester: z.string(),
    revision: z.int(),
    issued: z.string(),
    /** Assets that are left out now, in all. */
    withdrawn: z.int(),
    /** What this list changes, at most 256 of it; `withdrawn/REVISION.json` has all. */
    entries: z.array(
      z.object({ asset: z.string(), shard: z.string(), state: z.string(), reason: z.string() }),
    ),
  }),
  /** Any verdict may have changed: list again what matters. */
  recheck: z.object({ arrival: z.int(), why: z.string() }),
  /** A partner has come, or has gone. */
  peer: z.object({ peer: z.string(), connected: z.boolean() }),
  /** How far an operation is that somebody runs in this node; `ended` is told once. */
  progress: z.object({
    operation: z.int(),
    name: z.string(),
    what: z.string(),
    files: z.number().optional(),
    expectedFiles: z.number().optional(),
    bytes: z.number().optional(),
    expectedBytes: z.number().optional(),
    ended: z.boolean(),
  }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof EVENTS;

export const EVENT_NAMES = Object.keys(EVENTS) as readonly EventName[];

/** What events of a name say. */
export type EventData<Name extends EventName> = z.output<(typeof EVENTS)[Name]>;

/** An event with what it says. */
export type ArchiveEvent = {
  [Name in EventName]: { readonly name: Name; readonly data: EventData<Name> };
}[EventName];

/** Statements that take back what somebody may be relying on. */
const WITHDRAWING: ReadonlySet<string> = new Set(['withdrawal', 'takedown', 'removal']);

/** Returns what is told of one entry, the verdicts that it changed apart. */
export function eventsOf({ number, entry, author, standing }: Arrival): readonly ArchiveEvent[] {
  const statements = standing.map(({ id, statement: { kind, at, about } }) => {
    return { id, kind, at, ...about };
  });
  const data = { arrival: number, entry, author, statements };
  const withdrawn = statements
    .filter(({ kind }) => WITHDRAWING.has(kind))
    .map((statement) => {
      return { name: 'withdrawal', data: { arrival: number, ...statement } } as const;
    });
  const isNewRule = statements.some(({ kind }) => kind === 'enactment');
  const why = 'a policy or trust list is in force since';
  return [
    { name: 'statements', data },
    ...withdrawn,
    ...(isNewRule ? [{ name: 'recheck', data: { arrival: number, why } } as const] : []),
  ];
}
