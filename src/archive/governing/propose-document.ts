import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import { faultOf } from '../../core/foreign-data.ts';
import { encodeInstitutions, encodePolicy } from '../../core/policy/documents.ts';
import type { Block } from '../../core/statements/block.ts';
import type { Archive } from '../archive.ts';
import { type Proposed, propose } from './propose.ts';

/** The trust list that archives are founded with. */
const INSTITUTIONS = 'institutions';

/**
 * Proposes a policy, or a list of vetted institutions, in place of what is in force under its name.
 *
 * @throws {ArchiveError} `usage_invalid` for a document that is neither; `statement_rejected`.
 */
export async function proposeDocument(
  { document, reason }: { readonly document: unknown; readonly reason: string },
  parts: Pick<Archive, 'ledger' | 'clock' | 'sha256'>,
): Promise<Proposed> {
  const { topic, block } = read(document, parts.sha256);
  return propose({ topic, reason, document: block.cid }, parts, [block]);
}

function read(
  document: unknown,
  sha256: Archive['sha256'],
): { readonly topic: `policy:${string}` | `trust:${string}`; readonly block: Block } {
  const named = z
    .looseObject({ type: z.string(), name: z.string().optional() })
    .safeParse(document);
  try {
    // Each encoder reads the document by its schema before it writes it.
    if (named.data?.type === 'policy') {
      const block = encodePolicy(document as Parameters<typeof encodePolicy>[0], sha256);
      return { topic: `policy:${named.data.name ?? ''}`, block };
    }
    if (named.data?.type === 'institutions') {
      const block = encodeInstitutions(
        document as Parameters<typeof encodeInstitutions>[0],
        sha256,
      );
      return { topic: `trust:${INSTITUTIONS}`, block };
    }
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    throw new ArchiveError('usage_invalid', `the document is wrong: ${faultOf(cause)}`, {
      cause,
    });
  }
  throw new ArchiveError(
    'usage_invalid',
    'a document is proposed as JSON with "type": "policy" or "institutions"; "policy show NAME --json" prints one',
  );
}
