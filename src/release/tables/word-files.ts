import type { ReleaseMember } from '../../core/ports/release.ts';
import { takeTurns } from '../../core/take-turns.ts';
import { createLeafSink, type SunkFile } from '../file-sink.ts';
import { openKeySorter } from '../members/sort-by-key.ts';
import type { ReleaseContent } from '../release-content.ts';
import { attributionLine, descriptionLine } from './attribution.ts';

/** Lines of one maker that share a block, in bytes; what is destroyed with one of them. */
const LEAF_BYTES = 4096;

/** The files that say in words what the salted ids of a release stand for. */
export interface WordFiles extends AsyncDisposable {
  add(member: ReleaseMember): Promise<void>;
  finish(): Promise<{ readonly attribution: SunkFile; readonly descriptions: SunkFile }>;
}

/** What is written of a member, by the names of the files. */
type Lines = Readonly<Record<'attribution' | 'descriptions', string>>;

/**
 * Begins the files with names in them. Lines are sorted by makers, and no block has lines of makers who
 * have no work together, so that a person can be erased and others be read. They pass through a file
 * in `scratch`.
 */
export function openWordFiles(
  content: Pick<ReleaseContent, 'putBlock'>,
  scratch: string,
): WordFiles {
  const sorter = openKeySorter<Lines>(scratch);

  return {
    async add(member) {
      const makers = member.makers.map(({ id }) => id).sort();
      const lines = {
        attribution: attributionLine(member),
        descriptions: descriptionLine(member),
      };
      await sorter.add(`${makers.join(' ')}/${member.cid}`, lines);
    },

    async finish() {
      const attribution = createLineSink(content);
      const descriptions = createLineSink(content);
      const turn = takeTurns();
      for await (const [key, lines] of sorter.sorted()) {
        await turn();
        const group = key.slice(0, key.indexOf('/'));
        await attribution.write(group, lines.attribution);
        await descriptions.write(group, lines.descriptions);
      }
      return { attribution: await attribution.finish(), descriptions: await descriptions.finish() };
    },

    [Symbol.asyncDispose]: () => sorter[Symbol.asyncDispose](),
  };
}

/** Gathers lines of one group into leaves. */
function createLineSink(content: Pick<ReleaseContent, 'putBlock'>) {
  const sink = createLeafSink(content);
  let group = '';
  let waiting: Buffer[] = [];
  let bytes = 0;

  async function close(): Promise<void> {
    if (bytes > 0) await sink.add(Buffer.concat(waiting));
    waiting = [];
    bytes = 0;
  }

  return {
    async write(of: string, text: string): Promise<void> {
      const line = Buffer.from(text);
      if (of !== group || bytes + line.length > LEAF_BYTES) await close();
      group = of;
      waiting.push(line);
      bytes += line.length;
    },

    async finish(): Promise<SunkFile> {
      await close();
      return sink.finish();
    },
  };
}
