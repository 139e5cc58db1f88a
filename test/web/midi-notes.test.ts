import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midiNotes } from '../../src/web/asset/viewer/midi-notes.ts';

const corpus = join(process.env['RINGFENCE_CORPUS'] ?? '../shared/corpus', 'midi');

/** A file of one track, at 96 ticks a quarter note. */
function fileOf(track: readonly number[], division = [0, 96]): Uint8Array {
  const size = [0, 0, track.length >> 8, track.length & 0xff];
  const head = [0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, ...division];
  return Uint8Array.from([...head, 0x4d, 0x54, 0x72, 0x6b, ...size, ...track]);
}

describe('the notes of a MIDI file', () => {
  it('begin and end when the tempo says, with running status and notes that are struck again', () => {
    const track = [
      ...[0, 0x90, 60, 100, 96, 60, 0],
      ...[0, 0xff, 0x51, 3, 0x0f, 0x42, 0x40],
      ...[0, 0x90, 64, 100, 96, 64, 90, 96, 0x80, 64, 0],
    ];
    expect(midiNotes(fileOf(track))).toEqual({
      notes: [
        { from: 0, to: 0.5, key: 60, channel: 0 },
        { from: 0.5, to: 1.5, key: 64, channel: 0 },
        { from: 1.5, to: 2.5, key: 64, channel: 0 },
      ],
      seconds: 2.5,
      isCut: false,
    });
  });

  it('are in seconds where a file counts frames, and leave percussion out', () => {
    const track = [0, 0x99, 35, 100, 0, 0x91, 70, 1, 100, 0x81, 70, 0];
    const { notes } = midiNotes(fileOf(track, [0xe7, 40]));
    expect(notes).toEqual([{ from: 0, to: 0.1, key: 70, channel: 1 }]);
  });

  it('are not read out of what is no such file, or ends in the middle', () => {
    expect(() => midiNotes(new Uint8Array(0))).toThrow('no MIDI file');
    expect(() => midiNotes(new TextEncoder().encode('RIFF and other words'))).toThrow();
    expect(() => midiNotes(fileOf([0, 0x90, 60]))).toThrow('ends too early');
    expect(() => midiNotes(fileOf([0, 12, 60]))).toThrow('without a status');
  });

  it('end at a number that a page can draw', () => {
    const loud = Array.from({ length: 30_000 }, () => [0, 0x90, 60, 1]).flat();
    const track = [...loud.slice(0, 60_000)];
    const { notes } = midiNotes(fileOf(track));
    expect(notes.length).toBeLessThanOrEqual(50_000);
  });

  it('are read, or refused, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 300 }), (track) => {
        try {
          const { notes, seconds } = midiNotes(fileOf(track));
          expect(Number.isFinite(seconds)).toBe(true);
          expect(notes.every(({ from, to }) => from <= to)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it.skipIf(!existsSync(corpus))('of every piece in the corpus are there', () => {
    for (const name of readdirSync(corpus)) {
      const { notes, seconds } = midiNotes(readFileSync(join(corpus, name)));
      expect([name, notes.length > 20, seconds > 5]).toEqual([name, true, true]);
    }
  });
});
