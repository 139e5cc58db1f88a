import { type ByteSource, Unreadable } from '../inspector.ts';
import type { Stretch } from '../nameless-file.ts';
import { ExifToolProcess } from './exiftool-process.ts';

/** A process that has nothing to do is ended after this time. */
const IDLE_MS = 5_000;

/** One for this thread, which inspects one asset at a time. */
let running: ExifToolProcess | undefined;
let idle: NodeJS.Timeout | undefined;
/** Looked for once in the life of a thread. */
let missing: Unreadable | undefined;

/**
 * Returns what ExifTool prints of an asset, of which it sees these stretches or everything. Its process stays
 * for the next asset, since to start one takes longer than to read most files. One that took too long, told
 * too much or ended is not asked again, and what an earlier asset did to it is not held against this one.
 *
 * @throws {Unreadable} `tool-missing` without the package or its Perl, `time`, `limit`, `io`.
 */
export async function askExifTool(
  source: ByteSource,
  stretches: readonly Stretch[] | undefined,
  args: readonly string[],
): Promise<string> {
  clearTimeout(idle);
  const isSecond = running !== undefined;
  try {
    let printed = await ask(source, stretches, args);
    if (printed === undefined && isSecond) printed = await ask(source, stretches, args);
    if (printed === undefined) throw new Unreadable('limit', 'ExifTool ended before it was done');
    return printed;
  } catch (error) {
    await end();
    throw error;
  } finally {
    idle = setTimeout(() => void end(), IDLE_MS);
    idle.unref();
  }
}

async function ask(...[source, stretches, args]: Parameters<typeof askExifTool>) {
  running ??= await start();
  const printed = await running.read(source, stretches, args);
  if (printed === undefined || running.isSpent) await end();
  return printed;
}

async function start(): Promise<ExifToolProcess> {
  if (missing !== undefined) throw missing;
  try {
    return await ExifToolProcess.start();
  } catch (cause) {
    if (cause instanceof Unreadable && cause.reason === 'tool-missing') missing = cause;
    throw cause;
  }
}

async function end(): Promise<void> {
  const ending = running;
  running = undefined;
  await ending?.end();
}
