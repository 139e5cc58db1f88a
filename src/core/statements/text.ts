import { z } from 'zod';
import type { Sha256 } from '../hash.ts';
import { type Block, decodeBlock, encodeBlock } from './block.ts';

/**
 * The exact text that somebody was shown before signing. A document that stays in the ledger, so it
 * names no person.
 */
const text = z.strictObject({
  v: z.literal(1),
  type: z.literal('text'),
  language: z.string().max(64),
  text: z.string().min(1).max(100_000),
});

export type ShownText = Pick<z.output<typeof text>, 'language' | 'text'>;

export function encodeText(shown: ShownText, sha256: Sha256): Block {
  return encodeBlock(text.parse({ v: 1, type: 'text', ...shown }), sha256);
}

/** Returns what a block says that is such a text; undefined for any other. */
export function readText(bytes: Uint8Array): ShownText | undefined {
  const { data } = text.safeParse(decodeBlock(bytes));
  return data && { language: data.language, text: data.text };
}
