import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import { type ByteSource, Unreadable } from '../inspector.ts';
import { audioCode } from '../iscc/audio-code.ts';
import { NamelessFile } from '../nameless-file.ts';
import type { Content } from './content.ts';

const MOST_BYTES = 512 * 1024 * 1024;
/** Of longer sounds, the beginning is what is compared. */
const MOST_SECONDS = 1200;
const MOST_MS = 8000;
const MOST_OUTPUT = 4 * 1024 * 1024;
/** Chromaprint hears nothing in less than some three seconds, which need no more bytes than this. */
const SHORT_BYTES = 1024 * 1024;
const HEARD_NOTHING = /Empty fingerprint/;

/** Looked for once in the life of a thread: without the program no sound need be copied for it. */
let isMissing = false;

const answer = z.object({ duration: z.number(), fingerprint: z.array(z.int()) });

/**
 * Returns what a sound is like, by the Chromaprint of the program `fpcalc`, which reads it from a file
 * that has no name any more: nothing is left behind whatever happens. A sound of a second or two has
 * too little to compare, which its facts say (`sounds` 0).
 *
 * @throws {Unreadable} `tool-missing` without the program, `limit`, `time`, `malformed`.
 */
export function soundContent(source: ByteSource): Content {
  if (source.size > MOST_BYTES) throw new Unreadable('limit', 'a sound of too many bytes');
  if (isMissing) throw missing();
  using file = new NamelessFile();
  file.fill(source);
  const { stdout, stderr, error } = spawnSync(
    'fpcalc',
    ['-raw', '-json', '-signed', '-length', String(MOST_SECONDS), '/dev/stdin'],
    {
      stdio: [file.fd, 'pipe', 'pipe'],
      timeout: MOST_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_OUTPUT,
      encoding: 'utf8',
    },
  );
  if (error !== undefined) throw unreadableBecause(error);
  const isShort = source.size <= SHORT_BYTES && HEARD_NOTHING.test(stderr);
  const [fingerprint, seconds] = isShort ? [[], 0] : fingerprintIn(stdout);
  return contentOf(fingerprint, seconds);
}

function contentOf(fingerprint: readonly number[], seconds: number): Content {
  return {
    kind: 'audio',
    digest: audioCode(fingerprint),
    facts: { seconds, sounds: new Set(fingerprint).size },
  };
}

/** The program ends with 3 where the sound is shorter than asked for: what it printed is what counts. */
function fingerprintIn(stdout: string): readonly [readonly number[], number] {
  try {
    const { fingerprint, duration } = answer.parse(JSON.parse(stdout));
    return [fingerprint, Math.round(duration)];
  } catch (cause) {
    throw new Unreadable('malformed', 'fpcalc cannot read the sound', { cause });
  }
}

function unreadableBecause(error: NodeJS.ErrnoException): Unreadable {
  if (error.code === 'ENOENT') {
    isMissing = true;
    return missing();
  }
  if (error.code === 'ETIMEDOUT') return new Unreadable('time', 'fpcalc took too long');
  return new Unreadable('limit', `fpcalc: ${error.message}`, { cause: error });
}

function missing(): Unreadable {
  return new Unreadable('tool-missing', 'fpcalc is not installed');
}
