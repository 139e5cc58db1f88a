/** A note of a piece of music, as a piano roll shows it. */
export interface MidiNote {
  /** In seconds from the beginning. */
  readonly from: number;
  readonly to: number;
  /** 60 is the C in the middle of a piano. */
  readonly key: number;
  /** Who plays it, 0 to 15; 9 is percussion. */
  readonly channel: number;
}

export interface MidiPiece {
  readonly notes: readonly MidiNote[];
  readonly seconds: number;
  /** There are more notes than are told. */
  readonly isCut: boolean;
}

const MOST_NOTES = 50_000;
const MOST_TRACKS = 1024;
/** Microseconds of a quarter note, until a file says otherwise. */
const USUAL_TEMPO = 500_000;
const DRUMS = 9;

interface Played {
  readonly from: number;
  readonly to: number;
  readonly key: number;
  readonly channel: number;
}

/**
 * Reads the notes of a Standard MIDI File (RP-001), all tracks together; percussion has no pitch, and is left out.
 * It reads each byte once, whatever they say.
 *
 * @throws {Error} for what is no such file, or ends in the middle of a track.
 */
export function midiNotes(bytes: Uint8Array): MidiPiece {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 14 || view.getUint32(0) !== 0x4d546864) throw new Error('no MIDI file');
  const division = view.getUint16(12);
  const played: Played[] = [];
  const tempos: { readonly at: number; readonly tempo: number }[] = [];
  let place = 8 + view.getUint32(4);
  for (let track = 0; track < MOST_TRACKS && place + 8 <= bytes.length; track += 1) {
    const end = place + 8 + view.getUint32(place + 4);
    if (view.getUint32(place) === 0x4d54726b) {
      readTrack(bytes.subarray(place + 8, end), played, tempos);
    }
    place = end;
  }
  const isCut = played.length >= MOST_NOTES;
  const secondsAt = clockOf(division, tempos);
  const notes = played
    .map((note) => ({ ...note, from: secondsAt(note.from), to: secondsAt(note.to) }))
    .sort((a, b) => a.from - b.from);
  const seconds = notes.reduce((last, { to }) => Math.max(last, to), 0);
  return { notes, seconds, isCut };
}

/** Adds the notes of a track and what it says of the tempo, in ticks. */
function readTrack(
  bytes: Uint8Array,
  played: Played[],
  tempos: { readonly at: number; readonly tempo: number }[],
): void {
  const sounding = new Map<number, number>();
  let place = 0;
  let at = 0;
  let running = 0;
  const byte = () => {
    const value = bytes[place];
    if (value === undefined) throw new Error('a track ends too early');
    place += 1;
    return value;
  };
  const length = () => {
    let value = 0;
    for (let digit = 0; digit < 4; digit += 1) {
      const next = byte();
      value = value * 128 + (next & 0x7f);
      if (next < 0x80) return value;
    }
    throw new Error('a length is too long');
  };
  while (place < bytes.length && played.length < MOST_NOTES) {
    at += length();
    if ((bytes[place] ?? 0) >= 0x80) running = byte();
    if (running === 0xff) {
      const type = byte();
      const size = length();
      if (type === 0x51 && size === 3 && place + 3 <= bytes.length) {
        const [high = 0, middle = 0, low = 0] = bytes.subarray(place, place + 3);
        tempos.push({ at, tempo: (high << 16) | (middle << 8) | low });
      }
      place += size;
      continue;
    }
    if (running >= 0xf0) {
      place += length();
      continue;
    }
    if (running < 0x80) throw new Error('data without a status');
    const [kind, channel] = [running >> 4, running & 0x0f];
    const key = byte();
    const value = kind === 0xc || kind === 0xd ? 0 : byte();
    if ((kind !== 0x9 && kind !== 0x8) || channel === DRUMS || key > 127) continue;
    const name = channel * 128 + key;
    const from = sounding.get(name);
    // A note that is struck again while it sounds begins anew.
    if (from !== undefined) played.push({ from, to: at, key, channel });
    if (kind === 0x9 && value > 0) sounding.set(name, at);
    else sounding.delete(name);
  }
  for (const [name, from] of sounding) {
    played.push({ from, to: at, key: name % 128, channel: Math.floor(name / 128) });
  }
}

/** Returns what a number of ticks is in seconds. */
function clockOf(
  division: number,
  tempos: readonly { readonly at: number; readonly tempo: number }[],
): (ticks: number) => number {
  if (division >= 0x8000) {
    const perSecond = Math.max(1, (256 - (division >> 8)) * (division & 0xff));
    return (ticks) => ticks / perSecond;
  }
  const perQuarter = Math.max(1, division) * 1_000_000;
  const steps = [{ at: 0, tempo: USUAL_TEMPO, seconds: 0 }];
  for (const { at, tempo } of [...tempos].sort((a, b) => a.at - b.at)) {
    const last = steps.at(-1) ?? { at: 0, tempo: USUAL_TEMPO, seconds: 0 };
    const seconds = last.seconds + ((at - last.at) * last.tempo) / perQuarter;
    steps.push({ at, tempo, seconds });
  }
  return (ticks) => {
    let [low, high] = [0, steps.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((steps[middle]?.at ?? 0) <= ticks) low = middle;
      else high = middle;
    }
    const { at = 0, tempo = USUAL_TEMPO, seconds = 0 } = steps[low] ?? {};
    return seconds + ((ticks - at) * tempo) / perQuarter;
  };
}
