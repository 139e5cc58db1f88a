import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { signCheckpoint } from '../../../src/core/entries/note.ts';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  leafHash,
  rootOf,
} from '../../../src/core/merkle/tree.ts';
import {
  type AddCheckpointResponse,
  answerAddCheckpoint,
  type Cosigner,
  formatAddCheckpoint,
  parseAddCheckpoint,
} from '../../../src/core/witnessing/add-checkpoint.ts';
import { openCosignatures } from '../../../src/core/witnessing/cosignature.ts';
import { SqliteCosignerMemory } from '../../../src/ledger/checkpoints/cosigner-memory.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const log = signerOf('log');
const witness = signerOf('witness');
const ORIGIN = 'example.org/log';

/** A tree whose first leaves are numbers; `from` on they are `word`. */
function treeOf(size: number, word = '', from = size) {
  const nodes = new Map<string, Uint8Array>();
  let frontier = EMPTY_FRONTIER;
  for (let i = 0; i < size; i++) {
    const leaf = leafHash(Buffer.from(i < from ? `${i}` : `${word}${i}`), sha256);
    const grown = appendLeaf(frontier, leaf, sha256);
    for (const { level, index, hash } of grown.completed) nodes.set(`${level}/${index}`, hash);
    frontier = grown.frontier;
  }
  const root = rootOf(frontier, sha256);
  const note = signCheckpoint({ origin: ORIGIN, size, root }, log, sha256);
  const proof = (old: number) =>
    old === 0
      ? []
      : consistencyProof(old, size, (l, i) => nodes.get(`${l}/${i}`) ?? new Uint8Array(), sha256);
  return { note, root, proof };
}

function openWitness(memory: SqliteCosignerMemory) {
  const cosigner: Cosigner = {
    signer: witness,
    memory,
    keyOf: (origin) => (origin === ORIGIN ? log.did : undefined),
    now: () => 1_700_000_000,
    verify: verifySignature,
    sha256,
  };
  const send = (body: string) => answerAddCheckpoint(body, cosigner);
  const ask = (oldSize: number, tree: ReturnType<typeof treeOf>, proof = tree.proof(oldSize)) =>
    send(formatAddCheckpoint({ oldSize, proof, note: tree.note }));
  return { send, ask };
}

const cosigners = (tree: { readonly note: string }, response: AddCheckpointResponse) =>
  openCosignatures(tree.note, response.body, verifySignature, sha256);

describe('a cosigner', () => {
  it('cosigns a tree that goes on from the one it saw, and the same one again', () => {
    using folder = temporaryFolder();
    using memory = SqliteCosignerMemory.open(join(folder.path, 'witness.db'));
    const { ask } = openWitness(memory);
    for (const [old, size] of [
      [0, 3],
      [3, 3],
      [3, 8],
      [8, 13],
    ] as const) {
      const tree = treeOf(size);
      const response = ask(old, tree);
      expect(response.status).toBe(200);
      expect(cosigners(tree, response)).toEqual([{ did: witness.did, time: 1_700_000_000 }]);
    }
  });

  it('answers a stale size with its own, and then takes the right one', () => {
    using folder = temporaryFolder();
    using memory = SqliteCosignerMemory.open(join(folder.path, 'witness.db'));
    const { ask } = openWitness(memory);
    ask(0, treeOf(5));
    const stale = ask(3, treeOf(9));
    expect(stale).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '5\n' });
    expect(ask(5, treeOf(9)).status).toBe(200);
  });

  it('never signs two trees that contradict each other, and keeps both notes', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'witness.db');
    const forked = treeOf(5, 'other', 3);
    {
      using memory = SqliteCosignerMemory.open(path);
      expect(openWitness(memory).ask(0, treeOf(5)).status).toBe(200);
    }
    // What it saw is on disk: a witness that was started again remembers.
    using memory = SqliteCosignerMemory.open(path);
    const { ask } = openWitness(memory);
    expect(ask(5, forked).status).toBe(409);
    expect(memory.splits()).toEqual([{ origin: ORIGIN, notes: [treeOf(5).note, forked.note] }]);
    expect(ask(5, treeOf(9, 'other', 3)).status).toBe(422);
    expect(ask(0, forked)).toMatchObject({ status: 409, body: '5\n' });
    expect(memory.latest(ORIGIN)?.size).toBe(5);
  });

  it('refuses strangers, bad proofs, shrinking trees and malformed requests by the codes of C2SP', () => {
    using folder = temporaryFolder();
    using memory = SqliteCosignerMemory.open(join(folder.path, 'witness.db'));
    const { ask, send } = openWitness(memory);
    const tree = treeOf(5);
    const elsewhere = signCheckpoint(
      { origin: 'example.org/b', size: 5, root: tree.root },
      log,
      sha256,
    );
    const forged = signCheckpoint({ origin: ORIGIN, size: 5, root: tree.root }, witness, sha256);
    expect(send(`old 0\n\n${elsewhere}`).status).toBe(404);
    expect(send(`old 0\n\n${forged}`).status).toBe(403);
    expect(ask(9, tree, []).status).toBe(400);
    expect(send('').status).toBe(400);
    expect(send(`old 05\n\n${tree.note}`).status).toBe(400);
    expect(send('old 0\n\nhello').status).toBe(400);
    expect(ask(0, tree, [tree.root]).status).toBe(422);
    expect(memory.latest(ORIGIN)).toBeUndefined();
    ask(0, tree);
    expect(ask(5, treeOf(8), []).status).toBe(422);
    expect(memory.latest(ORIGIN)?.size).toBe(5);
  });

  it('signs nothing that another request has overtaken', () => {
    using folder = temporaryFolder();
    using memory = SqliteCosignerMemory.open(join(folder.path, 'witness.db'));
    openWitness(memory).ask(0, treeOf(5));
    const overtaken = openWitness(
      // The other request comes between looking and remembering.
      Object.assign(Object.create(memory), {
        latest: (origin: string) => memory.latest(origin),
        advance: (origin: string, old: number) => {
          const tree = treeOf(9);
          memory.advance(origin, old, { size: 9, root: tree.root, note: tree.note });
          return false;
        },
      }),
    );
    expect(overtaken.ask(5, treeOf(7))).toMatchObject({ status: 409, body: '9\n' });
  });
});

it('reads the request that the C2SP page shows', () => {
  const request = [
    'old 20852014',
    'PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=',
    'jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=',
    '5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=',
    '/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=',
    '',
    'example.com/behind-the-sofa',
    '20852163',
    'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    '',
    '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=',
    '',
  ].join('\n');
  const parsed = parseAddCheckpoint(request);
  expect(parsed).toMatchObject({ oldSize: 20_852_014 });
  expect(parsed.proof).toHaveLength(4);
  expect(formatAddCheckpoint(parsed)).toBe(request);
});
