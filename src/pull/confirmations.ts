import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cid } from '../core/cid.ts';
import { type NewestWord, parseNewestWord } from '../core/dataset/newest-word.ts';
import type { Did } from '../core/entries/did-key.ts';
import { ArchiveError } from '../core/errors.ts';
import { cid } from '../core/statements/fields.ts';
import type { PullParts } from './parts.ts';
import type { Pulled } from './pulled.ts';
import { readIfThere } from './read-if-there.ts';

/** What a node has said last of a release. */
export interface Confirmation {
  readonly word: NewestWord;
  /** The word as it was signed. */
  readonly text: string;
  /** What the node left out by then. */
  readonly withdrawn: readonly Cid[];
}

/** What nodes have said since the pull, each word signed by its node. */
const CONFIRMED = 'confirmed.json';

const schema = z.array(z.strictObject({ word: z.string(), withdrawn: z.array(cid) }));

/**
 * Returns what each node that a folder was pulled from has said last, then or to a check since.
 *
 * @throws {ArchiveError} `release_invalid` for words that are damaged, or not signed.
 */
export async function readConfirmations(
  folder: string,
  { release, nodes, curator, withheld }: Pulled,
  { verifySignature }: Pick<PullParts, 'verifySignature'>,
): Promise<Map<Did, Confirmation>> {
  const path = join(folder, CONFIRMED);
  const left = withheld.map(({ asset }) => asset);
  const pulled = nodes.map(({ word }) => ({ word, withdrawn: left }));
  const known = new Set([curator, ...nodes.map(({ node }) => node)]);
  const last = new Map<Did, Confirmation>();
  for (const { word: text, withdrawn } of [...pulled, ...parse(await readIfThere(path), path)]) {
    const word = parseNewestWord(Buffer.from(text), verifySignature);
    if (word.release === release && known.has(word.node)) {
      last.set(word.node, { word, text, withdrawn });
    }
  }
  return last;
}

/** Keeps what nodes have said for checks to come. */
export async function keepConfirmations(
  folder: string,
  said: Iterable<Confirmation>,
): Promise<void> {
  const path = join(folder, CONFIRMED);
  const kept = [...said].map(({ text, withdrawn }) => ({ word: text, withdrawn }));
  await writeFile(`${path}.new`, `${JSON.stringify(kept)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

function parse(bytes: Uint8Array | undefined, path: string): z.output<typeof schema> {
  if (bytes === undefined) return [];
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (cause) {
    const text = `${path} is damaged; remove it, and check again where a node answers`;
    throw new ArchiveError('release_invalid', text, { cause });
  }
}
