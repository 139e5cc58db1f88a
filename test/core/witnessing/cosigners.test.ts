import { expect, it } from 'vitest';
import type { Did } from '../../../src/core/entries/did-key.ts';
import type { Title } from '../../../src/core/entries/governance/titles.ts';
import { signCheckpoint } from '../../../src/core/entries/note.ts';
import { toHex } from '../../../src/core/hash.ts';
import { cosignCheckpoint } from '../../../src/core/witnessing/cosignature.ts';
import { cosignersOf } from '../../../src/core/witnessing/cosigners.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';

const ORG_A = 'a'.repeat(32);
const ORG_B = 'b'.repeat(32);
const root = sha256(Buffer.from('root'));
const note = signCheckpoint({ origin: 'tree', size: 3, root }, signerOf('log'), sha256);
const [ana, ben] = [signerOf('ana'), signerOf('ben')];
const member = (id: Did, organisation: string, use: Title['use'] = 'home') =>
  [id, { id, use, organisation, roles: ['partner'], replica: 'all' }] as const;
const titles = new Map<Did, Title>([
  member(ana.did, ORG_A),
  member(ben.did, ORG_B),
  member(signerOf('tab').did, ORG_B, 'browser'),
]);

it('knows the organisations of members whose cosignatures hold, and no others', () => {
  const by = (organisation: string, name: string, time = 7) => ({
    organisation,
    note: cosignCheckpoint(note, signerOf(name), time, sha256),
  });
  const cosignatures = [
    by(ORG_A, 'ana'),
    by(ORG_B, 'ana'),
    by(ORG_B, 'stranger'),
    by(ORG_B, 'tab', 8),
    { organisation: ORG_B, note: 'nothing' },
    { organisation: ORG_B, note: by(ORG_B, 'ben').note.replace('— ', '- ') },
    by(ORG_B, 'ben', 9),
  ];
  const body = { size: 3, root: toHex(root), note, cosignatures };
  expect(cosignersOf(body, { titleOf: (key) => titles.get(key) }, verifySignature, sha256)).toEqual(
    [
      { organisation: ORG_A, time: 7 },
      { organisation: ORG_B, time: 9 },
    ],
  );
});
