import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { type Did, didFromPublicKey } from '../../src/core/entries/did-key.ts';
import type { FactContext } from '../../src/core/policy/abstraction/fact-context.ts';
import type {
  AssetFacts,
  StandingStatement,
  UnknownStatement,
} from '../../src/core/provenance/facts.ts';
import { reduceFacts } from '../../src/core/provenance/reduce.ts';
import { type EntryHash, isEntryHash, type StatementId } from '../../src/core/statements/fields.ts';
import type { BodyOf, KindName, Role } from '../../src/core/statements/kinds.ts';
import { readStatement } from '../../src/core/statements/statement.ts';
import {
  assetCid,
  BODIES,
  documentCid,
  hex,
  ORG_A,
  ORG_B,
  ORG_C,
  ORG_D,
  sha256,
} from './statement-bodies.ts';

/** A member, or the carrier of an outsider's envelope. */
export interface Voice {
  readonly author: Did;
  readonly organisation: string;
  readonly roles: readonly Role[];
}

function voice(name: string, organisation: string, roles: readonly Role[]): Voice {
  return { author: didFromPublicKey(sha256(Buffer.from(name))), organisation, roles };
}

/** The one who deposits, and stewards and reviewers of three organisations. */
export const ARCHIVIST = voice('archivist', ORG_A, ['archivist']);
export const STEWARD = voice('steward', ORG_A, ['steward']);
export const PARTNER_B = voice('partner b', ORG_B, ['partner']);
export const ARCHIVIST_B = voice('archivist b', ORG_B, ['archivist']);
export const REVIEWER_B = voice('reviewer b', ORG_B, ['reviewer']);
export const REVIEWER_C = voice('reviewer c', ORG_C, ['reviewer']);
export const STEWARD_B = voice('steward b', ORG_B, ['steward']);
export const OPERATOR = voice('operator', ORG_D, ['agent']);
export const PIPELINE = voice('pipeline', ORG_D, ['pipeline']);
/** A maker's own key, carried by the archivist. */
export const BY_MAKER = { by: { ...ARCHIVIST, roles: ['maker'] }, isCarried: true } as const;

export interface Saying {
  readonly by?: Voice;
  readonly at?: string;
  /** Statements in whose view it was made; every earlier one unless told otherwise. */
  readonly after?: readonly StatementId[];
  readonly ofSet?: boolean;
  readonly isCarried?: boolean;
  readonly witnesses?: readonly string[];
}

export const ASSET = assetCid('asset');
const SET = documentCid('set');
/** The commitment to the key that signs what is carried. */
export const SIGNER = hex('signer');
const CARRIED = { envelope: documentCid('envelope'), signer: SIGNER };

/**
 * What is said about one asset, each statement in an entry of its own. Bodies are checked by the
 * schemas of their kinds; entry hashes depend on the seed alone.
 */
export class History {
  readonly statements: StandingStatement[] = [];
  readonly unknown: UnknownStatement[] = [];
  readonly #seed: string;
  readonly #pasts = new Map<EntryHash, ReadonlySet<EntryHash>>();

  constructor(seed = '') {
    this.#seed = seed;
  }

  say<K extends KindName & keyof typeof BODIES>(
    kind: K,
    body: Partial<BodyOf<K>> = {},
    { by = ARCHIVIST, at, after, ofSet, isCarried, witnesses = [] }: Saying = {},
  ): StatementId {
    const { entry, id, clock } = this.#nextEntry(after);
    const reading = readStatement({
      kind,
      v: 1,
      about: ofSet === true ? { set: SET } : { asset: ASSET },
      at: at ?? '2026-11-20T10:00:00Z',
      body: { ...BODIES[kind], ...body },
      ...(isCarried === true ? { carried: CARRIED } : {}),
    });
    if (reading.outcome !== 'known') {
      throw new Error(reading.outcome === 'bad' ? reading.problem : `${kind} is not known`);
    }
    this.statements.push({ id, entry, clock, ...by, witnesses, statement: reading.statement });
    return id;
  }

  /** Adds a statement of a kind that this version does not know. */
  sayUnknown(): StatementId {
    const { id } = this.#nextEntry(undefined);
    this.unknown.push({ id, about: { asset: ASSET }, kind: 'horoscope' });
    return id;
  }

  /** The same history without one statement; others that refer to it stay as they are. */
  without(id: StatementId): AssetFacts {
    return reduceFacts(
      ASSET,
      this.statements.filter((statement) => statement.id !== id),
      this.unknown,
    );
  }

  facts(order: readonly StandingStatement[] = this.statements): AssetFacts {
    return reduceFacts(ASSET, order, this.unknown);
  }

  /** A state in which organisation A is vetted by others, and no parent is known. */
  context(overrides: Partial<FactContext> = {}): FactContext {
    return {
      institutions: [{ id: ORG_A, name: 'Archive A', selfVetted: false }],
      sha256,
      isAncestor: (earlier, later) => this.#pasts.get(later)?.has(earlier) === true,
      taintOf: () => undefined,
      ...overrides,
    };
  }

  #nextEntry(after: readonly StatementId[] | undefined) {
    const number = this.#pasts.size;
    const cid = cidFromDigest(CODEC.dagCbor, sha256(Buffer.from(`${this.#seed} ${number}`)));
    const entry = CID.parse(cid).toString(base58btc);
    if (!isEntryHash(entry)) throw new Error(`${entry} is no entry hash`);
    const parents = after === undefined ? [...this.#pasts.keys()] : after.map(entryOf);
    const past = new Set(parents.flatMap((parent) => [parent, ...(this.#pasts.get(parent) ?? [])]));
    this.#pasts.set(entry, past);
    return { entry, id: `${entry}/0`, clock: past.size + 1 };
  }
}

function entryOf(id: StatementId): EntryHash {
  const entry = id.slice(0, id.indexOf('/'));
  if (!isEntryHash(entry)) throw new Error(`${id} names no entry`);
  return entry;
}

/** A drawing that `corroborated` finds eligible: deposited, inspected, in custody. */
export function drawing(seed = ''): History {
  const history = new History(seed);
  history.say('deposit');
  history.say('finding');
  history.say('custody', {}, { ofSet: true });
  return history;
}
