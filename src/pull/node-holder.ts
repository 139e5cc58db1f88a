import { throwIfAborted } from '../core/abort.ts';
import { ArchiveError } from '../core/errors.ts';
import type { FileHolder, Filling } from './file-holder.ts';
import { fileLeaves } from './file-leaves.ts';
import { naming } from './naming.ts';
import type { PartFile } from './part-file.ts';
import type { PullParts } from './parts.ts';
import type { Offer } from './read-offer.ts';

/** Answers without anything new after which another holder is asked. */
const MOST_IDLE = 5;

/** Returns the files of a release at a node, over HTTP: in order, and from that byte on where it broke off. */
export function nodeHolder(offer: Offer, parts: PullParts): FileHolder {
  return {
    leaves: (file) => naming(offer.source, () => fileLeaves(file, offer, parts)),
    fill: (part, _file, filling) => fillFrom(offer, part, filling),
  };
}

async function fillFrom(
  { source, word }: Offer,
  part: PartFile,
  { name, signal, onBytes }: Filling,
): Promise<void> {
  const path = `w/${word.revision}/${name}`;
  for (let idle = 0; !part.isWhole; ) {
    const before = part.offset;
    try {
      const { status, bytes } = await source.open(path, before);
      if (before > 0 && status !== 206) throw lie(source.name, `gives no part of ${name}`);
      for await (const chunk of bytes) {
        throwIfAborted(signal);
        const had = part.offset;
        const wrong = await part.take(chunk);
        onBytes(part.offset - had);
        if (wrong === undefined) continue;
        throw lie(source.name, `sends other bytes of ${name} than those of ${wrong}`);
      }
      if (part.isWhole) return;
      throw cutOff(source.name, name, part.offset);
    } catch (error) {
      part.rewind();
      throwIfAborted(signal);
      // The node can do nothing about a full disk here.
      const isOfNode =
        error instanceof ArchiveError && error.retryable && error.code !== 'disk_full';
      if (!isOfNode) throw error;
      idle = part.offset > before ? 1 : idle + 1;
      if (idle > MOST_IDLE) throw error;
      await source.pause(idle);
    }
  }
}

function lie(source: string, what: string): ArchiveError {
  return new ArchiveError('peer_invalid', `${source} ${what}`);
}

function cutOff(source: string, name: string, offset: number): ArchiveError {
  const text = `${source} cuts ${name} off at byte ${offset}`;
  return new ArchiveError('peer_invalid', text, { retryable: true });
}
