import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { STATES } from '../evidence/support/credential-files.ts';
import { expectedFacts } from '../evidence/support/expected-facts.ts';
import { jpeg, xmpSegment } from '../evidence/support/jpeg-bytes.ts';
import { png, textChunk } from '../evidence/support/png-bytes.ts';
import {
  EVIDENCE_FILES,
  evidenceSources,
  hasEvidenceFiles,
} from '../evidence/support/public-files.ts';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What `show CID --json` says of files: the form that other programs rely on. */

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const path = (name: string) => join(folder.path, name);

interface Shown {
  readonly sha256: string;
  readonly findings: readonly {
    readonly inspector: string;
    readonly version: number;
    readonly outcome: string;
    readonly facts: Readonly<Record<string, unknown>>;
  }[];
}

/** Each story has a home of its own. */
let home = '';

async function run(...args: string[]): Promise<unknown[]> {
  const ran = await runCommand(['--home', path(home), '--json', ...args]);
  expect(ran.status, `${args.join(' ')}\n${ran.stderr}${ran.stdout.slice(-500)}`).toBe(EXIT.done);
  return documents(ran);
}

/** Shows every asset of the archive, by the sha-256 of its bytes. */
async function showAll(): Promise<ReadonlyMap<string, Shown>> {
  const shown = new Map<string, Shown>();
  const listed = (await run('list', '--limit', '1000')) as { readonly cid: string }[];
  const showNext = async () => {
    for (let next = listed.pop(); next !== undefined; next = listed.pop()) {
      const [asset] = (await run('show', next.cid)) as [Shown];
      shown.set(asset.sha256, asset);
    }
  };
  await Promise.all([showNext(), showNext()]);
  return shown;
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function factsOf(asset: Shown | undefined, inspector: string): Readonly<Record<string, unknown>> {
  return asset?.findings.find((finding) => finding.inspector === inspector)?.facts ?? {};
}

const CREDENTIAL = /^(none|valid|trusted|tampered|unestablished|unresolvable|unreadable)$/;

/** Says what is amiss with the form of what is shown. */
function expectForm({ findings }: Shown, of: string): void {
  for (const { inspector, version, facts } of findings) {
    expect([typeof inspector, typeof version, typeof facts], of).toEqual([
      ...['string', 'number', 'object'],
    ]);
  }
  const said = (inspector: string) =>
    findings.filter((finding) => finding.inspector === inspector).map(({ facts }) => facts);
  const uris = expect.toSatisfy(
    (list) => Array.isArray(list) && list.every((uri) => /^https?:\/\//.test(String(uri))),
  );
  expect(said('credentials'), of).toEqual([
    expect.objectContaining({
      credential: expect.stringMatching(CREDENTIAL),
      digitalSourceTypes: uris,
      trainingMining: expect.any(Object),
    }),
  ]);
  const isNamed = expect.toSatisfy((name) => name === null || typeof name === 'string');
  expect(said('traces'), of).toEqual([expect.objectContaining({ generator: isNamed })]);
  const iscc = expect.toSatisfy((code) => code === null || /^ISCC:[A-Z2-7]+$/.test(String(code)));
  const pdq = expect.toSatisfy((code) => code === null || /^[0-9a-f]{64}$/.test(String(code)));
  expect(said('fingerprints'), of).toEqual([expect.objectContaining({ iscc, pdq })]);
}

describe.skipIf(!hasEvidenceFiles)(
  'the evidence files, shown by the command (skipped without RINGFENCE_EVIDENCE)',
  () => {
    const sources = hasEvidenceFiles ? evidenceSources() : [];
    const bySum = (file: string) => sha256Of(readFileSync(join(EVIDENCE_FILES, file)));
    let shown: ReadonlyMap<string, Shown>;

    beforeAll(async () => {
      home = 'public';
      await run('init', '--name', 'N', '--institution', 'N');
      const taken = await run('ingest', EVIDENCE_FILES);
      expect(taken.at(-1)).toMatchObject({ event: 'done', failed: 0 });
      const roots = join(EVIDENCE_FILES, 'c2pa-trust-anchors/test_cert_root_bundle.pem');
      await run('trust', 'import', roots);
      await run('reinspect', '--all');
      shown = await showAll();
    });

    it('have findings of one form, whatever there is to find', () => {
      expect(shown.size).toBeGreaterThan(60);
      for (const { file } of sources) {
        const asset = shown.get(bySum(file));
        expect(asset, file).toBeDefined();
        if (asset !== undefined) expectForm(asset, file);
      }
    });

    it('show every fact that SOURCES.tsv expects, and each credential as it is', () => {
      for (const { file, expected } of sources) {
        for (const { inspector, fact, should } of expectedFacts(expected) ?? []) {
          const says = factsOf(shown.get(bySum(file)), inspector)[fact];
          expect({ file, fact, says }).toEqual({ file, fact, says: should });
        }
        const { credential } = factsOf(shown.get(bySum(file)), 'credentials');
        expect({ file, credential }).toEqual({ file, credential: STATES[file]?.[1] ?? 'none' });
      }
    });
  },
);

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "AI AI AI">${Array.from(
  { length: 30 },
  (_, at) => `<!ENTITY a${at} "&a${at - 1};&a${at - 1};">`,
).join('')}<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY u SYSTEM "http://127.0.0.1:9/">]>`;

const GENERATED = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** An XMP packet whose values are what its own entities stand for. */
const packet = (value: string) =>
  `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>${LAUGHS}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${value}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

describe('files made to do harm, taken in and shown by the command', () => {
  const files: Readonly<Record<string, Uint8Array>> = {
    'bomb.jpg': jpeg(xmpSegment(packet('&a29;'))),
    'local-file.jpg': jpeg(xmpSegment(packet('&f;'))),
    'address.jpg': jpeg(xmpSegment(packet('&u;'))),
    'in-words.jpg': jpeg(xmpSegment(packet(GENERATED))),
    'many-texts.png': png(
      Buffer.concat(Array.from({ length: 100_000 }, (_, at) => textChunk('Comment', `${at}`))),
    ),
    'cut-short.png': png(textChunk('Comment', 'x'.repeat(4096))).subarray(0, 900),
  };
  let shown: ReadonlyMap<string, Shown>;

  beforeAll(async () => {
    mkdirSync(path('harm'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(path(`harm/${name}`), bytes);
    home = 'harmed';
    await run('init', '--name', 'N', '--institution', 'N');
    const taken = await run('ingest', path('harm'), '--custody');
    const { length } = Object.keys(files);
    expect(taken.at(-1)).toMatchObject({ event: 'done', files: length, failed: 0 });
    shown = await showAll();
  });

  const shownAs = (name: string) => shown.get(sha256Of(files[name] ?? new Uint8Array()));

  it('have findings of the same form', () => {
    for (const name of Object.keys(files)) {
      const asset = shownAs(name);
      expect(asset, name).toBeDefined();
      if (asset !== undefined) expectForm(asset, name);
    }
  });

  it('have no entity of theirs read, and say what they say in so many words', () => {
    for (const name of ['bomb.jpg', 'local-file.jpg', 'address.jpg']) {
      const { digitalSourceTypes, unknown } = factsOf(shownAs(name), 'source-type');
      expect({ name, digitalSourceTypes, unknown }).toEqual({
        ...{ name, digitalSourceTypes: [], unknown: 1 },
      });
      expect(JSON.stringify(shownAs(name))).not.toContain('root:');
    }
    const { digitalSourceTypes } = factsOf(shownAs('in-words.jpg'), 'source-type');
    expect(digitalSourceTypes).toEqual([GENERATED]);
  });

  it('are unreadable where there is more than anybody reads, or less than there should be', () => {
    for (const name of ['many-texts.png', 'cut-short.png']) {
      const traces = shownAs(name)?.findings.find(({ inspector }) => inspector === 'traces');
      expect({ name, outcome: traces?.outcome }).toEqual({ name, outcome: 'unreadable' });
    }
  });
});
