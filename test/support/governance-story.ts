import fc from 'fast-check';
import { CODEC, cidFromDigest } from '../../src/core/cid.ts';
import { createEnvelope } from '../../src/core/entries/envelope.ts';
import { isAuthor } from '../../src/core/entries/standing.ts';
import { toHex } from '../../src/core/hash.ts';
import { type Block, encodeBlock } from '../../src/core/statements/block.ts';
import type { BodyOf, KindName } from '../../src/core/statements/kinds.ts';
import { createStatement, type StatementOutline } from '../../src/core/statements/statement.ts';
import { sha256 } from '../../src/ledger/sha256.ts';
import { GovernanceModel, type ModelEntry } from './governance-model.ts';
import { signerOf } from './keys.ts';
import { AT, organisationOf, testArchive } from './ledger-archive.ts';
import { assetCid, BODIES } from './statement-bodies.ts';

/** One entry of a random log; numbers choose among what is there when it is written. */
export interface Step {
  readonly who: number;
  readonly what: number;
  readonly whom: number;
  readonly pick: number;
  readonly pick2: number;
  /** Over everything, or over one or two earlier entries. */
  readonly over: 'all' | 'one' | 'two';
}

export const steps = fc.array(
  fc.record<Step>({
    who: fc.nat({ max: 11 }),
    what: fc.nat({ max: 1_000 }),
    whom: fc.nat({ max: 7 }),
    pick: fc.nat({ max: 1_000 }),
    pick2: fc.nat({ max: 1_000 }),
    over: fc.constantFrom('all', 'all', 'one', 'two'),
  }),
  { minLength: 3, maxLength: 24, size: 'max' },
);

const STEWARDS = ['ana', 'ben', 'cyd'] as const;
const PEOPLE = [...STEWARDS, 'dan', 'eve', 'fay', 'ana:new', 'dan:tab'];
/** Stewards write more often than others. */
const AUTHORS = [...STEWARDS, ...STEWARDS, 'dan', 'eve', 'fay', 'ana:new', 'dan:tab', 'dan'];
const ROLES = ['archivist', 'partner', 'reviewer', 'witness'] as const;

const DOCUMENTS = Array.from({ length: 8 }, (_, i) => encodeBlock({ policy: i }, sha256));

const archive = testArchive(...STEWARDS);

function didOf(name: string) {
  return signerOf(name).did;
}

/** Returns the log that a random story makes; what nobody accepts is in it too. */
export function buildStory(story: readonly Step[]): GovernanceModel {
  const model = new GovernanceModel(archive);
  // Somebody to revoke, somebody to admit others, a browser key.
  for (const [by, name, key, role] of [
    ['ana', 'dan', 'dan', 'archivist'],
    ['cyd', 'eve', 'eve', 'partner'],
    ['dan', 'dan', 'dan:tab', 'archivist'],
  ] as const) {
    const body = { id: didOf(name), key: didOf(key), organisation: organisationOf(name), role };
    model.add(signerOf(by), model.heads(), say('grant', { ...body, replica: 'all', record: null }));
  }
  for (const [number, step] of story.entries()) write(step, number, model);
  return model;
}

function write(step: Step, number: number, model: GovernanceModel): void {
  const accepted = model.entries.filter(({ isAccepted }) => isAccepted);
  // Mostly over what is new, so that things happen beside each other.
  const near = accepted.slice(step.pick % 3 === 0 ? 0 : -8);
  const one = near[step.pick % near.length]?.number ?? 0;
  const two = near[step.pick2 % near.length]?.number ?? 0;
  const parents =
    step.over === 'all'
      ? model.heads().slice(0, 16)
      : step.over === 'one'
        ? [one]
        : [...new Set([one, two])];
  const past = new Set(parents.flatMap((parent) => [parent, ...model.at(parent).past]));
  const state = model.stateOf(past);
  const able = AUTHORS.filter((name) => isAuthor(didOf(name), state));
  // Now and then somebody writes who may not.
  const who = pickFrom(step.pick2 % 8 === 0 ? AUTHORS : able, step.who) ?? 'ana';
  const told = TELLERS[step.what % TELLERS.length];
  if (told === 'decide') {
    decide({ step, number, model, past, who }, parents);
    return;
  }
  const statement = told?.({ step, number, model, past, who });
  if (statement === undefined) return;
  if (step.what % 5 === 0 && statement.kind === 'hold') carry(who, parents, statement, model);
  else model.add(signerOf(who), parents, statement, documentOf(statement));
}

/** A proposal with the approvals of two stewards and its enactment, one over the other. */
function decide(telling: Telling, parents: readonly number[]): void {
  const { step, model, past } = telling;
  const { bench } = model.stateOf(past);
  const seated = PEOPLE.filter((name) => bench.seats.some(({ key }) => key === didOf(name)));
  const [first, second = first] = step.pick2 % 2 === 0 ? seated : seated.toReversed();
  const proposal = (step.pick % 3 === 0 ? proposePolicy : proposeStewards)(telling);
  if (first === undefined || second === undefined || proposal === undefined) return;
  const made = model.add(signerOf(first), parents, proposal, documentOf(proposal));
  const id = `${made.made.hash}/0`;
  let last = made.number;
  for (const by of new Set([first, second])) {
    const approval = say('approval', { proposal: id, vote: 'yes', digest: null });
    last = model.add(signerOf(by), [last], approval).number;
  }
  model.add(signerOf(first), [last], say('enactment', { proposal: id }));
}

function pickFrom<T>(list: readonly T[], number: number): T | undefined {
  return list[number % Math.max(1, list.length)];
}

/** The document that a proposal of these tests names. */
function documentOf({ body }: StatementOutline): readonly Block[] {
  return DOCUMENTS.filter(({ cid }) => cid === body['document']);
}

/** What somebody else signed, carried by the author. */
function carry(
  who: string,
  parents: readonly number[],
  statement: StatementOutline,
  model: GovernanceModel,
) {
  const by = signerOf('dan:tab');
  const said = { archive: archive.address, nonce: '0a'.repeat(16), statements: [statement] };
  const bytes = createEnvelope(said, by);
  const envelope = { cid: cidFromDigest(CODEC.raw, sha256(bytes)), bytes };
  model.add(
    signerOf(who),
    parents,
    { ...statement, signed: { by: by.did, envelope: envelope.cid } },
    [envelope],
  );
}

interface Telling {
  readonly step: Step;
  readonly number: number;
  readonly model: GovernanceModel;
  readonly past: ReadonlySet<number>;
  readonly who: string;
}

type Teller = (telling: Telling) => StatementOutline | undefined;

const hold: Teller = ({ number }) =>
  createStatement('hold', { asset: assetCid(`${number}`) }, AT, BODIES.hold);

const grant: Teller = ({ step, who }) => {
  const key = PEOPLE[step.whom % PEOPLE.length] ?? 'dan';
  const id = step.pick % 3 === 0 ? who : (key.split(':')[0] ?? key);
  return say('grant', {
    id: didOf(id),
    key: didOf(key),
    organisation: organisationOf(id),
    role: ROLES[step.pick % ROLES.length] ?? 'archivist',
    replica: 'all',
    record: null,
  });
};

const revoke: Teller = ({ step, model, past }) => {
  const name = PEOPLE[step.whom % PEOPLE.length] ?? 'dan';
  const id = didOf(name.split(':')[0] ?? name);
  const key = step.pick % 4 === 0 ? didOf(name) : null;
  const keys = key === null ? PEOPLE.filter((one) => one.startsWith(name)).map(didOf) : [key];
  const last =
    step.pick2 % 6 === 0
      ? []
      : [...model.newestOf([id, ...keys].slice(key === null ? 0 : 1), past)];
  return last.length > 16 ? undefined : say('revoke', { id, key, last, proposal: null });
};

const approve: Teller = ({ step, model, past }) => {
  const proposal = pickKind('proposal', step.pick, model, past);
  if (proposal === undefined) return undefined;
  const vote = step.pick2 % 5 === 0 ? 'no' : 'yes';
  return say('approval', { proposal: `${proposal.made.hash}/0`, vote, digest: null });
};

const enact: Teller = ({ step, model, past }) => {
  const proposal = pickKind('proposal', step.pick, model, past);
  return proposal && say('enactment', { proposal: `${proposal.made.hash}/0` });
};

const proposeStewards: Teller = ({ step, model, past }) => {
  const state = model.stateOf(past);
  const base = state.chainOf('stewards').at(-1)?.name ?? '';
  const whom = PEOPLE[step.whom % PEOPLE.length] ?? 'dan';
  const [owner = whom] = whom.split(':');
  const { seats } = state.bench;
  const isSeated = seats.some(({ id }) => id === didOf(owner));
  const seat = { id: didOf(owner), key: didOf(whom), organisation: organisationOf(owner) };
  const isRotation = isSeated && whom !== owner;
  const others = seats.filter(({ id }) => id !== seat.id);
  const list = isSeated && !isRotation ? others : [...others, seat];
  if (list.length === 0) return undefined;
  const last =
    isSeated && !isRotation
      ? [{ id: seat.id, entries: [...model.newestOf([seat.key], past)].slice(0, 16) }]
      : [];
  const stewards = { list: [...list], quorum: 1, last };
  return proposal('stewards', base, { stewards });
};

const proposePolicy: Teller = ({ step, number, model, past }) => {
  const topic = step.whom % 2 === 0 ? 'policy:gold' : 'trust:institutions';
  const base = model.stateOf(past).chainOf(topic).at(-1)?.name ?? '';
  return proposal(topic, base, { document: DOCUMENTS[number % DOCUMENTS.length]?.cid ?? null });
};

const adopt: Teller = ({ step, model, past }) => {
  const state = model.now();
  const fallen = [...past].filter((number) => {
    const { judgements, isAccepted } = model.at(number);
    const isSound = isAccepted && judgements[0]?.outcome === 'standing';
    return isSound && model.standingOf(model.at(number), state)?.outcome === 'void';
  });
  const list = fallen.length > 0 ? fallen : [...past];
  const entry = model.at(list[step.pick % list.length] ?? 0);
  return say('adopt', { entries: [entry.made.hash] });
};

const invite: Teller = ({ step, number }) =>
  say('invitation', {
    key: didOf(`ticket ${step.pick % 3 === 0 ? 0 : number}`),
    role: ROLES[step.pick2 % ROLES.length] ?? 'partner',
    organisation: organisationOf('guest'),
    replica: 'all',
    expires: AT,
  });

const admit: Teller = ({ step, model, past }) => {
  const invitation = pickKind('invitation', step.pick, model, past);
  if (invitation === undefined) return undefined;
  const id = didOf(PEOPLE[step.whom % PEOPLE.length] ?? 'fay');
  const key = Array.from({ length: 40 }, (_, i) => signerOf(`ticket ${i}`)).find(
    ({ did }) => did === invitation.statement.body['key'],
  );
  const proof = toHex((key ?? signerOf('nobody')).sign(new TextEncoder().encode(id)));
  return say('admit', { invitation: `${invitation.made.hash}/0`, id, proof, record: null });
};

const unknown: Teller = (telling) => {
  const known = hold(telling);
  return known && { ...known, kind: 'blessing' };
};

const TELLERS: readonly (Teller | 'decide')[] = [
  ...(['decide', 'decide', 'decide', 'decide'] as const),
  ...[hold, hold, hold, grant, grant, grant, revoke, revoke, adopt, adopt],
  ...[proposeStewards, proposeStewards, proposePolicy, approve, approve, approve, approve, approve],
  ...[enact, enact, enact, invite, admit, unknown],
];

function proposal(
  topic: string,
  base: string,
  changes: Partial<BodyOf<'proposal'>>,
): StatementOutline | undefined {
  const body = {
    topic,
    base,
    document: null,
    stewards: null,
    format: null,
    reason: 'test',
    record: null,
  };
  // The topics of the tests are topics, and bases are the charter or a statement.
  return base === '' ? undefined : say('proposal', { ...body, ...changes } as BodyOf<'proposal'>);
}

function say<K extends KindName>(kind: K, body: BodyOf<K>): StatementOutline {
  return createStatement(kind, null, AT, body);
}

function pickKind(
  kind: KindName,
  pick: number,
  model: GovernanceModel,
  past: ReadonlySet<number>,
): ModelEntry | undefined {
  const known = [...past]
    .map((number) => model.at(number))
    .filter((one) => one.statement.kind === kind);
  // The newest two are the likeliest, so that votes meet.
  return known.at(-1 - (pick % Math.min(2, Math.max(1, known.length))));
}
