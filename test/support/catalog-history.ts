import fc from 'fast-check';
import type { Cid } from '../../src/core/cid.ts';
import { ArchiveError } from '../../src/core/errors.ts';
import type { EntryHash } from '../../src/core/statements/fields.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createSet } from '../../src/core/statements/set.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import * as say from './asset-statements.ts';
import { type MemoryLedger, type MemoryMember, memberOf, sha256 } from './memory-ledger.ts';

/** One entry of a random history; numbers choose among what is there when it is written. */
export interface Step {
  readonly author: number;
  readonly what: number;
  readonly asset: number;
  readonly other: number;
  readonly pick: number;
  /** Follows everything, or one earlier entry only. */
  readonly isMerge: boolean;
}

export const MEMBERS = [
  memberOf(1),
  memberOf(2, ['archivist']),
  memberOf(3, ['reviewer']),
] as const;

const ASSETS = Array.from({ length: 6 }, (_, i) => say.assetOf(i));
const GENERATED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

export const steps = fc.array(
  fc.record({
    author: fc.nat(),
    what: fc.nat(),
    asset: fc.nat(),
    other: fc.nat(),
    pick: fc.nat(),
    isMerge: fc.boolean(),
  }),
  { minLength: 1, maxLength: 24 },
);

/** What a step can refer to. */
interface Spoken {
  readonly deposits: { readonly id: string; readonly asset: Cid; readonly record: Cid }[];
  readonly ended: { readonly id: string; readonly asset: Cid }[];
  readonly consents: { readonly id: string; readonly asset: Cid }[];
}

interface Saying {
  readonly said: readonly say.Said[];
  readonly documents?: ReturnType<typeof createSet>['blocks'];
  /** Statements that it refers to; their entries are in its past. */
  readonly of?: readonly string[];
}

/** Writes a history into a ledger, entry by entry. */
export function writeHistory(ledger: MemoryLedger, history: readonly Step[]): void {
  const spoken: Spoken = { deposits: [], ended: [], consents: [] };
  const hashes: EntryHash[] = [];
  for (const [number, step] of history.entries()) {
    const author = pickFrom(MEMBERS, step.author) ?? MEMBERS[0];
    const tell = pickFrom(TELLERS, step.what);
    const saying = tell?.(step, spoken, author, number);
    if (saying === undefined) continue;
    const earlier = pickFrom(hashes, step.pick);
    const follows = step.isMerge || earlier === undefined ? ledger.heads() : [earlier];
    const needed = (saying.of ?? []).map(entryOf);
    const parents = [...new Set([...follows, ...needed])];
    const { entry, ids } = ledger.append(
      { ...say.saying(saying.said), documents: saying.documents ?? [] },
      { author, parents },
    );
    hashes.push(entry);
    for (const [place, { statement }] of saying.said.entries()) {
      note(statement, ids[place] ?? '', spoken);
    }
  }
}

function note({ kind, about, body }: StatementOutline, id: string, spoken: Spoken): void {
  if (about === null || 'set' in about) return;
  const { asset } = about;
  // The schema of `deposit` says that its record is a CID.
  if (kind === 'deposit') spoken.deposits.push({ id, asset, record: body['record'] as Cid });
  if (kind === 'consent') spoken.consents.push({ id, asset });
  if (kind === 'dispute' || kind === 'removal') spoken.ended.push({ id, asset });
}

type Teller = (
  step: Step,
  spoken: Spoken,
  author: MemoryMember,
  number: number,
) => Saying | undefined;

const WORDS = ['Sea', 'Château', 'portrait of a man', 'ink "and" wash', 'NEAR', '雪'];

const tellDeposit: Teller = ({ asset, other }, _spoken, _author, number) => ({
  said: [
    say.findings(assetAt(asset)),
    say.deposit(
      assetAt(asset),
      {
        title: `${pickFrom(WORDS, other)} ${number}`,
        makers: [`Maker ${other % 3}`],
        filename: `${asset % 4}.png`,
      },
      {
        item: say.itemId(`place ${asset % 4}`),
        collection: say.collectionId(`c${other % 2}`),
        work: pickFrom([null, '1'.repeat(32), '2'.repeat(32)], other) ?? null,
      },
    ),
  ],
});

const TELLERS: readonly Teller[] = [
  tellDeposit,
  tellDeposit,
  tellDeposit,
  ({ asset, other }) => {
    const seen = [{}, { generator: 'sd' }, { digitalSourceTypes: [GENERATED] }];
    return { said: [say.findings(assetAt(asset), pickFrom(seen, other) ?? {})] };
  },
  ({ other, pick }, { deposits }, _author, number) => {
    const known = pickFrom(deposits, pick);
    if (known === undefined) return undefined;
    const words = { title: `again ${number}`, makers: [`Maker ${other % 4}`] };
    const media = pickFrom([null, 'image/jpeg'], other) ?? null;
    return { said: [say.description(known.asset, known.id, words, media)], of: [known.id] };
  },
  ({ other, pick }, { deposits }) => {
    const known = pickFrom(deposits, pick);
    if (known === undefined) return undefined;
    return {
      said: [
        about(known.asset, 'licence', {
          deposit: other % 2 === 0 ? known.id : null,
          licence: pickFrom([null, 'CC0-1.0', 'CC-BY-NC-4.0'], other) ?? null,
          replaces: [],
          record: null,
        }),
      ],
      of: [known.id],
    };
  },
  ({ asset, other }, _spoken, author) =>
    aboutSet([asset, other, asset + 1], 'custody', say.custodyBody(author.organisation)),
  ({ asset, other }) =>
    aboutSet([asset, other], 'declaration', {
      digitalSourceType: null,
      generative: 'none',
      tools: [],
      makers: [],
      identity: null,
      record: null,
    }),
  ({ asset, other }) => ({
    said: [
      about(assetAt(asset), 'derivation', {
        parent: assetAt(other),
        relation: pickFrom(['derived-from', 'composed-of'] as const, other) ?? 'derived-from',
        action: null,
      }),
    ],
  }),
  ({ asset, other }) => ({
    said: [
      about(assetAt(asset), 'synthetic', {
        generator: 'sd',
        basis: other % 2 === 0 ? 'operator' : 'registrant',
        mixed: false,
        record: null,
      }),
    ],
  }),
  ({ asset }) => ({
    said: [
      about(assetAt(asset), 'dispute', { reason: 'x', by: 'member', against: [], record: null }),
    ],
  }),
  ({ asset }) => ({
    said: [
      about(assetAt(asset), 'removal', {
        reason: 'x',
        secondApprover: null,
        confirms: null,
        record: null,
      }),
    ],
  }),
  ({ pick }, { ended }) => {
    const known = pickFrom(ended, pick);
    if (known === undefined) return undefined;
    const body = { of: [known.id], outcome: 'dismissed', record: null } as const;
    return {
      said: [about(known.asset, 'resolution', { ...body, of: [known.id] })],
      of: [known.id],
    };
  },
  ({ pick }, { deposits }) => {
    const known = pickFrom(deposits, pick);
    if (known === undefined) return undefined;
    const body = { records: [known.record], reason: 'x', requestedAt: say.AT };
    return { said: [about(known.asset, 'erasure', body)], of: [known.id] };
  },
  ({ other }) => ({ said: [say.naming(`c${other % 2}`)] }),
  ({ other, pick, asset }) => ({
    said: [
      {
        statement: createStatement('checkpoint', null, say.AT, {
          size: pick % 20,
          root: '00'.repeat(32),
          note: `tree ${other % 3}\n\nsigned`,
          cosignatures: MEMBERS.slice(0, asset % 4).map(({ organisation }, i) => ({
            organisation,
            note: `${86_400 * ((other + i) % 5)}`,
          })),
        }),
        records: [],
      },
    ],
  }),
  ({ asset, other }) => {
    const outline = { kind: 'prophecy', v: 1, at: say.AT, body: {} };
    if (other % 2 === 0) {
      return {
        said: [{ statement: { ...outline, about: { asset: assetAt(asset) } }, records: [] }],
      };
    }
    const set = createSet([assetAt(asset), assetAt(other)], sha256);
    return {
      said: [{ statement: { ...outline, about: { set: set.cid } }, records: [] }],
      documents: set.blocks,
    };
  },
];

function about<K extends KindName>(asset: Cid, kind: K, body: BodyOf<K>): say.Said {
  return { statement: createStatement(kind, { asset }, say.AT, body), records: [] };
}

function aboutSet<K extends KindName>(assets: readonly number[], kind: K, body: BodyOf<K>): Saying {
  const set = createSet(assets.map(assetAt), sha256);
  const statement = createStatement(kind, { set: set.cid }, say.AT, body);
  return { said: [{ statement, records: [] }], documents: set.blocks };
}

/** Returns a causal order of the entries: parents before children, else as the choices say. */
export function causalOrder(ledger: MemoryLedger, choices: readonly number[]): readonly number[] {
  const waiting = new Map(ledger.parents().map((parents, place) => [place, new Set(parents)]));
  const order: number[] = [];
  for (let turn = 0; waiting.size > 0; turn += 1) {
    const ready = [...waiting].filter(([, parents]) => parents.size === 0);
    const next = pickFrom(ready, choices[turn % Math.max(1, choices.length)] ?? 0)?.[0];
    if (next === undefined) throw new ArchiveError('internal', 'the history has a cycle');
    order.push(next);
    waiting.delete(next);
    for (const parents of waiting.values()) parents.delete(next);
  }
  return order;
}

function assetAt(number: number): Cid {
  return ASSETS[number % ASSETS.length] ?? say.assetOf(0);
}

function pickFrom<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

function entryOf(id: string): EntryHash {
  // A statement id is its entry's hash, a slash and a place.
  return id.slice(0, id.indexOf('/')) as EntryHash;
}
