import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyConsistency, verifyInclusion } from '../../../src/core/merkle/tree.ts';
import { sha256 } from '../../support/statement-bodies.ts';

/**
 * Public vectors of transparency-dev/merkle (Apache-2.0): `inclusion/` and `consistency/` hold one
 * JSON file per case; `wantErr` says that the proof must be refused.
 */
const vectors = join(
  process.env['RINGFENCE_VECTORS'] ??
    new URL('../../../../shared/vectors', import.meta.url).pathname,
  'merkle',
);
const isThere = existsSync(vectors);

const bytes = z
  .string()
  .nullable()
  .transform((text) => new Uint8Array(Buffer.from(text ?? '', 'base64')));
const common = {
  proof: z
    .array(bytes)
    .nullable()
    .transform((proof) => proof ?? []),
  desc: z.string(),
  wantErr: z.boolean(),
};
const inclusion = z.object({
  ...common,
  leafIdx: z.number(),
  treeSize: z.number(),
  root: bytes,
  leafHash: bytes,
});
const consistency = z.object({
  ...common,
  size1: z.number(),
  size2: z.number(),
  root1: bytes,
  root2: bytes,
});

function casesOf<T>(folder: string, schema: z.ZodType<T>): { name: string; vector: T }[] {
  if (!isThere) return [];
  return readdirSync(join(vectors, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({
      name,
      vector: schema.parse(JSON.parse(readFileSync(join(vectors, folder, name), 'utf8'))),
    }));
}

describe.skipIf(!isThere)('public Merkle vectors (skipped without RINGFENCE_VECTORS)', () => {
  it('are all read', () => {
    expect(casesOf('inclusion', inclusion).length).toBeGreaterThan(60);
    expect(casesOf('consistency', consistency).length).toBeGreaterThan(60);
  });

  it.each(casesOf('inclusion', inclusion))('inclusion $name', ({ vector }) => {
    const { leafHash, leafIdx, treeSize, proof, root, wantErr } = vector;
    expect(verifyInclusion(leafHash, leafIdx, treeSize, proof, root, sha256)).toBe(!wantErr);
  });

  it.each(casesOf('consistency', consistency))('consistency $name', ({ vector }) => {
    const { size1, size2, proof, root1, root2, wantErr } = vector;
    expect(verifyConsistency(size1, size2, proof, root1, root2, sha256)).toBe(!wantErr);
  });
});
