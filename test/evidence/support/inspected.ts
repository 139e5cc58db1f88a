import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODEC, cidFromDigest } from '../../../src/core/cid.ts';
import type { Finding, InspectionRequest, Inspectors } from '../../../src/core/ports/inspector.ts';

/** What a test asks about: a file name and its bytes. */
export interface NamedBytes {
  readonly filename: string;
  readonly bytes: Uint8Array;
}

let written = 0;

/** Writes the assets one after the other into one file of `folder`, as a pack has them. */
export function storeAsPack(folder: string, assets: readonly NamedBytes[]): InspectionRequest[] {
  written += 1;
  const path = join(folder, `pack-${written}`);
  let offset = 7;
  const parts: Uint8Array[] = [new Uint8Array(offset)];
  const requests = assets.map(({ filename, bytes }) => {
    const segments = bytes.length === 0 ? [] : [{ path, offset, length: bytes.length }];
    parts.push(bytes);
    offset += bytes.length;
    return { cid: cidOf(bytes), size: bytes.length, segments, filename };
  });
  writeFileSync(path, Buffer.concat(parts));
  return requests;
}

/** The CID a store gives a file of one block; for larger files one of the right form. */
export function cidOf(bytes: Uint8Array): InspectionRequest['cid'] {
  const digest = createHash('sha256').update(bytes).digest();
  return cidFromDigest(bytes.length <= 1024 * 1024 ? CODEC.raw : CODEC.dagPb, digest);
}

/** Returns the finding of one inspector about one asset. */
export async function findingOf(
  inspectors: Inspectors,
  folder: string,
  inspector: string,
  asset: NamedBytes,
): Promise<Finding> {
  const [findings] = await inspectors.inspect(storeAsPack(folder, [asset]));
  return pick(findings ?? [], inspector);
}

export function pick(findings: readonly Finding[], inspector: string): Finding {
  const finding = findings.find((candidate) => candidate.inspector === inspector);
  if (finding === undefined) throw new Error(`no finding of ${inspector}`);
  return finding;
}
