import { lstatSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Fetched } from '../../core/ports/intake.ts';
import type { SourceSignal } from '../../core/reservations/signal.ts';
import { broken } from './broken.ts';
import { ByteTaker } from './byte-taker.ts';
import { signalsInHead } from './head-signals.ts';
import { httpHead } from './http-response.ts';

/** After the name of a file, of the one that keeps the head of the response which brought it. */
export const COMPANION = '.headers';

const MOST_BYTES = 256 * 1024;

/**
 * Returns what the response reserved that a file came in, from the heads which lie beside it as
 * `curl --dump-header` writes them: one after the other where a request was redirected, all of them obeyed.
 * Undefined where nothing lies there.
 *
 * @throws {ArchiveError} `input_invalid` for what are no heads, or more than 256 KiB.
 */
export async function companionOf(file: Buffer, name: string): Promise<Fetched | undefined> {
  const path = Buffer.concat([file, Buffer.from(COMPANION)]);
  const stats = statsOf(path);
  if (stats === undefined || !stats.isFile()) return undefined;
  if (stats.size > MOST_BYTES) throw broken(`it has more than ${MOST_BYTES} bytes`);
  await using handle = await open(path);
  const taker = new ByteTaker(handle.createReadStream());
  const signals: SourceSignal[] = [];
  let heads = 0;
  for (let head = await httpHead(taker); head !== undefined; head = await httpHead(taker)) {
    heads += 1;
    const stated = head.fields.find(([field]) => field.toLowerCase() === 'date')?.[1] ?? '';
    const time = Number.isNaN(Date.parse(stated)) ? stats.mtimeMs : Date.parse(stated);
    const at = `${new Date(time).toISOString().slice(0, 19)}Z`;
    signals.push(...signalsInHead(head, { where: `${name}${COMPANION}`, at }));
  }
  if (heads === 0) throw broken('it is empty');
  return { address: null, signals };
}

/** A file whose name is as long as names may be has nothing beside it. */
function statsOf(path: Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG')
      return undefined;
    throw error;
  }
}
