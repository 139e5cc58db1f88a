import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkCarried } from '../../../src/core/entries/carried.ts';
import { createEnvelope, openEnvelope } from '../../../src/core/entries/envelope.ts';
import { commitName } from '../../../src/core/statements/record.ts';
import { createStatement } from '../../../src/core/statements/statement.ts';
import { verifySignature } from '../../../src/ledger/keys/verify-signature.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { signerOf } from '../../support/keys.ts';
import { AT } from '../../support/ledger-archive.ts';
import { assetCid, BODIES, documentCid } from '../../support/statement-bodies.ts';

const archive = '/orbitdb/zdpuArchive';
const maker = signerOf('maker');
const statements = [
  createStatement('consent', { asset: assetCid('b') }, AT, BODIES.consent),
  createStatement('consent', { asset: assetCid('a') }, AT, BODIES.consent),
  createStatement('dispute', { set: documentCid('set') }, AT, BODIES.dispute),
];
const says = { archive, nonce: '0f'.repeat(16), statements };
const expected = { archive, verify: verifySignature };
const envelope = createEnvelope(says, maker);

const open = (text: string) => openEnvelope(Buffer.from(text), expected);
const invalid = expect.objectContaining({ code: 'input_invalid' });

it('says what was signed, and by whom', () => {
  expect(openEnvelope(envelope, expected)).toEqual({ by: maker.did, ...says });
});

it('is a DSSE envelope around an in-toto Statement, as other tools read them', () => {
  const outer = JSON.parse(Buffer.from(envelope).toString());
  expect(Object.keys(outer)).toEqual(['payloadType', 'payload', 'signatures']);
  expect(outer.payloadType).toBe('application/vnd.in-toto+json');
  const payload = Buffer.from(outer.payload, 'base64');
  // Pre-authentication encoding, spelled out from the DSSE v1 protocol.
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} `),
    payload,
  ]);
  const signature = Buffer.from(outer.signatures[0].sig, 'base64');
  expect(verifySignature(maker.did, signed, signature)).toBe(true);
  const inToto = JSON.parse(payload.toString());
  expect(inToto._type).toBe('https://in-toto.io/Statement/v1');
  expect(inToto.predicateType).toBe('urn:ringfence:statements:1');
  const named = [assetCid('a'), assetCid('b'), documentCid('set')].sort();
  expect(inToto.subject).toEqual(named.map((cid) => ({ name: cid, digest: { cid } })));
});

describe('is refused', () => {
  const text = Buffer.from(envelope).toString();
  const outer = JSON.parse(text);
  const payload = Buffer.from(outer.payload, 'base64').toString();
  /** Another payload, signed by the maker all the same. */
  const resigned = (body: string) => {
    const bytes = Buffer.from(body);
    const pae = `DSSEv1 28 application/vnd.in-toto+json ${bytes.length} ${body}`;
    const sig = Buffer.from(maker.sign(Buffer.from(pae))).toString('base64');
    const signatures = [{ keyid: maker.did, sig }];
    return JSON.stringify({ ...outer, payload: bytes.toString('base64'), signatures });
  };
  const changed = (fields: object) =>
    resigned(JSON.stringify({ ...JSON.parse(payload), ...fields }));

  it('is taken by this test when nothing is changed', () => {
    expect(open(resigned(payload)).statements).toEqual(statements);
  });

  it.each<[string, string]>([
    ['for another payload type', JSON.stringify({ ...outer, payloadType: 'text/plain' })],
    ['without a signature', JSON.stringify({ ...outer, signatures: [] })],
    [
      'with two signatures',
      JSON.stringify({ ...outer, signatures: [...outer.signatures, ...outer.signatures] }),
    ],
    [
      'signed by another key',
      JSON.stringify({
        ...outer,
        signatures: [{ ...outer.signatures[0], keyid: signerOf('eve').did }],
      }),
    ],
    [
      'with a payload that was not signed',
      JSON.stringify({ ...outer, payload: `${outer.payload.slice(0, -4)}IH0=` }),
    ],
    ['with base64 in another form', JSON.stringify({ ...outer, payload: `${outer.payload}=` })],
    ['with a field named twice outside', text.replace('{', '{"payload":"",')],
    [
      'with a field named twice inside',
      resigned(payload.replace('"nonce":', '"nonce":"00","nonce":')),
    ],
    [
      'with a field named twice, once with an escape',
      resigned(payload.replace('"nonce":', '"n\\u006fnce":"00","nonce":')),
    ],
    ['with other subjects', changed({ subject: [] })],
    ['with another predicate', changed({ predicateType: 'urn:ringfence:statements:2' })],
    ['with a field nobody knows', changed({ extra: 1 })],
    ['to another archive', changed({ predicate: { ...says, archive: '/orbitdb/zdpuOther' } })],
    ['without statements', changed({ predicate: { ...says, statements: [] }, subject: [] })],
    [
      'around what another envelope signs',
      changed({
        predicate: {
          ...says,
          statements: [{ ...statements[0], signed: { by: maker.did, envelope: assetCid('e') } }],
        },
        subject: [{ name: assetCid('b'), digest: { cid: assetCid('b') } }],
      }),
    ],
    ['that is no JSON', '{'],
    ['that is no UTF-8', '\u{fffd}'],
  ])('%s', (_what, forged) => {
    expect(() => open(forged)).toThrow(invalid);
  });

  it('over 1 MiB', () => {
    expect(() => open(' '.repeat(1_048_577))).toThrow(invalid);
  });
});

describe('carried', () => {
  const salt = Uint8Array.from(hash('sha256', 'salt', 'buffer').subarray(0, 16));
  const record = { type: 'envelope', envelope, signer: maker.did, salt } as const;
  const carried = { envelope: documentCid('record'), signer: commitName(maker.did, salt, sha256) };
  const rules = { ...expected, sha256 };
  const [consent] = statements;
  if (consent === undefined) throw new Error('there is a first statement');

  it('fits a statement that the envelope says and that commits to its signer', () => {
    checkCarried({ ...consent, carried }, record, rules);
  });

  it.each([
    ['another statement', { ...consent, at: '2026-11-22T14:28:35Z', carried }, record],
    ['another signer', { ...consent, carried: { ...carried, signer: '00'.repeat(32) } }, record],
    ['a record of another sort', { ...consent, carried }, { type: 'note', text: 'x' } as const],
    ['a statement that is not carried', consent, record],
    [
      'a record that names another signer',
      { ...consent, carried },
      { ...record, signer: signerOf('eve').did },
    ],
  ])('does not fit %s', (_what, statement, data) => {
    expect(() => checkCarried(statement, data, rules)).toThrow(invalid);
  });
});
