import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding, InspectionRequest } from '../../src/core/ports/inspector.ts';
import { IDENTITIES } from '../../src/evidence/inspector-identities.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { cidOf, pick, storeAsPack } from '../evidence/support/inspected.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const MIB = 1024 * 1024;
const SIZE = 500 * MIB;
/** What this process may grow by, its threads included: nothing may hold a whole file. */
const MOST_GROWTH = 400 * MIB;

const hex = (text: string) => Buffer.from(text, 'hex');
const text = (value: string) => Buffer.from(value, 'latin1');
function uint(value: number, order: 'be' | 'le'): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'be') bytes.writeUInt32BE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}
const be = (value: number) => uint(value, 'be');
const le = (value: number) => uint(value, 'le');

interface Large {
  readonly head: readonly Buffer[];
  /** What the file is full of; without it there is a hole. */
  readonly filling?: Buffer;
  readonly tail?: readonly Buffer[];
}

/** The beginnings of real files, whose parts are as long as the file, and their ends where readers look there. */
const FILES: Readonly<Record<string, Large>> = {
  'a.png': {
    head: [hex('89504e470d0a1a0a0000000d49484452'), be(20_000), be(20_000)].concat([
      hex('0802000000'),
      be(0),
      be(SIZE - 45),
      text('IDAT'),
    ]),
  },
  'a.jpg': {
    head: [
      hex('ffd8ffe000104a46494600010100000100010000'),
      hex('ffc00011083fff3fff03012200021101031101'),
      hex('ffda000c03010002110311003f00'),
    ],
  },
  'a.mp4': { head: [be(16), text('ftypmp42\0\0\0\0'), be(SIZE - 16), text('mdat')] },
  'a.pdf': {
    head: [text('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n')],
    tail: [
      text('\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF'),
    ],
  },
  'a.tif': {
    head: [text('II*\0'), le(SIZE - 200)],
    tail: [hex('01000f01020006000000'), le(SIZE - 100), Buffer.alloc(186)],
  },
  'a.svg': {
    head: [text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="')],
    filling: text('M0 0L1 1 '),
    tail: [text('"/></svg>')],
  },
  'a.txt': { head: [], filling: text('The same words, over and over. ') },
  'a.wav': {
    head: [text('RIFF'), le(SIZE - 8), text('WAVEfmt '), le(16)].concat([
      hex('0100010044ac00008858010002001000'),
      text('data'),
      le(SIZE - 44),
    ]),
  },
  'a.mp3': { head: [], filling: Buffer.concat([hex('fffb9064'), Buffer.alloc(413, 0x55)]) },
  'a.zip': {
    head: [text('PK\x03\x04\x14'), Buffer.alloc(25)],
    tail: [text('PK\x05\x06'), Buffer.alloc(18)],
  },
  'a.glb': { head: [text('glTF'), le(2), le(SIZE), le(SIZE - 20), text('JSON')] },
};

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function stored(filename: string, { head, filling, tail = [] }: Large): InspectionRequest {
  const path = join(folder.path, filename);
  const file = openSync(path, 'w');
  ftruncateSync(file, SIZE);
  if (filling !== undefined) {
    const block = Buffer.alloc(filling.length * Math.floor(MIB / filling.length), filling);
    for (let at = 0; at < SIZE; at += block.length) {
      writeSync(file, block, 0, Math.min(block.length, SIZE - at), at);
    }
  }
  const [first, last] = [Buffer.concat(head), Buffer.concat(tail)];
  writeSync(file, first, 0, first.length, 0);
  writeSync(file, last, 0, last.length, SIZE - last.length);
  closeSync(file);
  // That of a file of many blocks: nobody compares it with these bytes.
  const cid = cidOf(Buffer.alloc(2 * MIB, filename));
  return { cid, size: SIZE, segments: [{ path, offset: 0, length: SIZE }], filename };
}

/** What size alone may cause. */
const FORESEEN: readonly unknown[] = ['limit', 'malformed', 'tool-missing', 'time'];
const MUST_READ = ['format', 'digests'];

describe('a file of 500 MB', () => {
  const inspectors = openInspectors({ workers: 1 });
  afterAll(() => inspectors[Symbol.asyncDispose]());

  it.each(Object.keys(FILES))(
    'is answered in bounded memory, and so is what comes after it: %s',
    async (filename) => {
      const large = FILES[filename];
      if (large === undefined) throw new Error(`no file ${filename}`);
      const [small] = storeAsPack(folder.path, [
        { filename: 'after.txt', bytes: text('After it.') },
      ]);
      if (small === undefined) throw new Error('nothing was stored');
      const request = stored(filename, large);
      const before = process.memoryUsage.rss();
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss());
      }, 20);
      let answers: readonly (readonly Finding[])[];
      try {
        answers = await inspectors.inspect([request, small]);
      } finally {
        clearInterval(watch);
        rmSync(join(folder.path, filename));
      }
      const [findings = [], after = []] = answers;
      expect(findings).toHaveLength(IDENTITIES.length);
      const unread = findings.filter(({ outcome }) => outcome === 'unreadable');
      for (const { facts } of unread) expect(FORESEEN).toContain(facts['reason']);
      const names = unread.map(({ inspector }) => inspector);
      for (const name of MUST_READ) expect(names).not.toContain(name);
      expect(pick(after, 'digests').outcome).toBe('found');
      expect(most - before).toBeLessThan(MOST_GROWTH);
    },
    240_000,
  );
});
