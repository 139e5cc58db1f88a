import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding, Inspectors } from '../../src/core/ports/inspector.ts';
import { openInspectors } from '../../src/evidence/open-inspectors.ts';
import { TIFF_TAG } from '../../src/evidence/readers/tiff-tags.ts';
import { eventually } from '../support/eventually.ts';
import { hasProgram } from '../support/has-program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type NamedBytes, pick, storeAsPack } from './support/inspected.ts';
import { jpeg } from './support/jpeg-bytes.ts';
import { ascii, tiff } from './support/tiff-bytes.ts';
import { riffChunk } from './support/webp-bytes.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const uint = (bytes: number, value: number) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const iptc = (dataset: number, text: string) =>
  Buffer.concat([Buffer.from([0x1c, 2, dataset]), uint(2, text.length), Buffer.from(text)]);

/** A picture of one pixel of Photoshop, whose IPTC records say when and with what it was made. */
function psd(...records: readonly Buffer[]): Buffer {
  const said = Buffer.concat(records);
  const padding = Buffer.alloc(said.length % 2);
  const resource = Buffer.concat([
    Buffer.from('8BIM\x04\x04\0\0'),
    uint(4, said.length),
    said,
    padding,
  ]);
  const head = Buffer.concat([
    uint(2, 1),
    Buffer.alloc(6),
    uint(2, 1),
    uint(4, 1),
    uint(4, 1),
    uint(2, 8),
    uint(2, 1),
  ]);
  return Buffer.concat([
    Buffer.from('8BPS'),
    head,
    uint(4, 0),
    uint(4, resource.length),
    resource,
    uint(4, 0),
    uint(2, 0),
    uint(1, 0),
  ]);
}

function avi(...info: readonly (readonly [string, string])[]): Buffer {
  const chunks = info.map(([name, text]) => riffChunk(name, Buffer.from(`${text}\0`)));
  const list = riffChunk('LIST', Buffer.concat([Buffer.from('INFO'), ...chunks]));
  return riffChunk('RIFF', Buffer.concat([Buffer.from('AVI '), list]));
}

/** A TIFF whose maker notes are a directory as Canon writes it, with offsets that count from the file's start. */
function canonTiff(): Buffer {
  const notes = Buffer.concat([
    uint(2, 0x0100),
    Buffer.from('07000200', 'hex'),
    Buffer.from('04000000', 'hex'),
    Buffer.from('1.0\0'),
    Buffer.alloc(4),
  ]);
  return tiff(
    'II',
    [ascii(TIFF_TAG.make, 'Canon'), ascii(TIFF_TAG.model, 'Canon EOS 40D')],
    [
      ascii(TIFF_TAG.dateTimeOriginal, '2008:05:30 15:56:01'),
      { tag: 0x927c, type: 7, value: notes },
    ],
  );
}

/** Processes of ExifTool that this one has started. */
function exifTools(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (Number.isNaN(pid)) return false;
      try {
        const parent = / (\d+) /.exec(
          readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) \S/, ''),
        )?.[1];
        return (
          Number(parent) === process.pid &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('exiftool')
        );
      } catch {
        return false;
      }
    });
}

const hasExifTool =
  process.platform === 'linux' &&
  hasProgram('perl', '-v', /perl 5/) &&
  hasProgram('prlimit', '--version', /util-linux/);

async function look(inspectors: Inspectors, asset: NamedBytes): Promise<Finding> {
  const [findings] = await inspectors.inspect(storeAsPack(folder.path, [asset]), {
    inspectors: ['deep-metadata'],
  });
  return pick(findings ?? [], 'deep-metadata');
}

async function seen(asset: NamedBytes): Promise<Finding> {
  await using inspectors = openInspectors({ workers: 1 });
  return await look(inspectors, asset);
}

const PSD = { filename: 'a.psd', bytes: psd(iptc(55, '20190102'), iptc(65, 'Adobe Photoshop')) };

describe.skipIf(!hasExifTool)('deep metadata (skipped without perl and prlimit)', () => {
  it('reads the records of a layered picture', async () => {
    const { outcome, facts, raw } = await seen(PSD);
    expect({ outcome, facts }).toEqual({
      outcome: 'found',
      facts: {
        captured: '2019-01-02',
        created: null,
        modified: null,
        device: null,
        software: ['adobe-photoshop'],
        dataMining: null,
        aiFields: [],
        contradictions: [],
        makerNotes: null,
        digitalSourceTypes: [],
        unknown: 0,
      },
    });
    expect(raw.map(({ where }) => where)).toContain('IPTC:DateCreated');
  });

  it('reads the tags of a film', async () => {
    const bytes = avi(['ICRD', '2011-03-04'], ['ISFT', 'Blender 2.5']);
    const { facts } = await seen({ filename: 'a.avi', bytes });
    expect(facts).toMatchObject({ captured: '2011-03-04', software: ['blender'] });
  });

  it('tells whose maker notes a picture has', async () => {
    const { facts } = await seen({ filename: 'a.tif', bytes: canonTiff() });
    expect(facts).toMatchObject({
      captured: '2008-05-30T15:56:01',
      device: { make: 'canon', model: 'canon-eos-40d' },
      makerNotes: 'canon',
    });
  });

  it('leaves what is read whole elsewhere alone', async () => {
    const { outcome } = await seen({ filename: 'a.jpg', bytes: jpeg() });
    expect(outcome).toBe('not-applicable');
  });

  it('is unreadable where nothing is found in a broken file', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(100, 0xff)]);
    const { outcome, facts } = await seen({ filename: 'a.pdf', bytes });
    expect({ outcome, facts }).toEqual({ outcome: 'unreadable', facts: { reason: 'malformed' } });
  });

  it('keeps one process, starts another when that one dies, and leaves none behind', async () => {
    const inspectors = openInspectors({ workers: 1 });
    const lookAgain = async () => {
      const { facts } = await look(inspectors, PSD);
      expect(facts['captured']).toBe('2019-01-02');
      return exifTools();
    };
    const first = await lookAgain();
    expect(first).toHaveLength(1);
    expect(await lookAgain()).toEqual(first);
    for (const pid of first) process.kill(pid, 'SIGKILL');
    const second = await lookAgain();
    expect(second).toHaveLength(1);
    expect(second).not.toEqual(first);
    await inspectors[Symbol.asyncDispose]();
    await eventually(() => expect(exifTools()).toEqual([]));
  });

  it('says that a tool is missing where there is no Perl', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder.path;
    try {
      const { outcome, facts } = await seen(PSD);
      expect({ outcome, facts }).toEqual({
        outcome: 'unreadable',
        facts: { reason: 'tool-missing' },
      });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
