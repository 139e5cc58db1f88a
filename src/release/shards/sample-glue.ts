import { z } from 'zod';
import type { Cid } from '../../core/cid.ts';
import { ArchiveError } from '../../core/errors.ts';
import { LEVELS } from '../../core/policy/documents.ts';
import { assetCid, hex32, statementId } from '../../core/statements/fields.ts';
import { encodeTarHeader, TAR_BLOCK, tarPadding } from './tar-header.ts';

const sidecar = z.strictObject({
  asset: assetCid,
  sha256: hex32,
  license: z.string(),
  maker: z.string(),
  deposit: statementId,
  level: z.enum(LEVELS),
  purpose: z.string(),
  requester: z.string(),
  policy: z.string(),
});

export type Sidecar = z.output<typeof sidecar>;

/** What the header of an asset in a shard says. */
export interface AssetHeader {
  readonly cid: Cid;
  readonly extension: string;
  readonly size: number;
}

/** Reads one glue block of a shard from front to back. */
export interface GlueReader {
  /** Whether a header follows, and not the end of the shard. */
  hasHeader(): boolean;
  takeHeader(): AssetHeader;
  /** Reads what follows the bytes of this asset: padding, header, sidecar, padding. */
  takeSidecar(asset: AssetHeader): Sidecar;
  /** Returns how many bytes are left, all of them zeros. */
  takeEnd(): number;
}

/**
 * Begins to read a glue block. Every method throws `release_invalid` where the block is not byte for
 * byte what this archive writes.
 */
export function readGlue(bytes: Uint8Array): GlueReader {
  let at = 0;

  function take(length: number): Uint8Array {
    const taken = bytes.subarray(at, at + length);
    if (taken.length < length) throw brokenShard('it ends inside a header, a sidecar or padding');
    at += length;
    return taken;
  }

  function takeZeros(length: number): void {
    if (take(length).some((byte) => byte !== 0)) throw brokenShard('padding is not of zeros');
  }

  function takeTarHeader(): { readonly name: string; readonly size: number } {
    const header = take(TAR_BLOCK);
    const text = Buffer.from(header).toString('latin1');
    const name = text.slice(0, text.indexOf('\0'));
    const size = sizeIn(header);
    if (Buffer.compare(encodeTarHeader(name, size), header) !== 0) {
      throw brokenShard(`the header of ${JSON.stringify(name)} differs from what is written here`);
    }
    return { name, size };
  }

  return {
    hasHeader: () => at < bytes.length && bytes[at] !== 0,

    takeHeader() {
      const { name, size } = takeTarHeader();
      const dot = name.indexOf('.');
      const cid = assetCid.safeParse(name.slice(0, dot));
      if (!cid.success) throw brokenShard(`${JSON.stringify(name)} is not named after an asset`);
      return { cid: cid.data, extension: name.slice(dot + 1), size };
    },

    takeSidecar({ cid, size }) {
      takeZeros(tarPadding(size));
      const header = takeTarHeader();
      if (header.name !== `${cid}.json`) {
        throw brokenShard(`${header.name} stands where the sidecar of ${cid} should`);
      }
      const told = sidecar.safeParse(parseJson(take(header.size)));
      takeZeros(tarPadding(header.size));
      if (!told.success || told.data.asset !== cid) {
        throw brokenShard(`${header.name} is not a sidecar of ${cid}`);
      }
      return told.data;
    },

    takeEnd() {
      const left = bytes.length - at;
      takeZeros(left);
      return left;
    },
  };
}

/** A glue block: what ends the sample before it, and what begins the next one or ends the shard. */
interface SplitGlue {
  /** Padding of the asset before it, the sidecar with its header, padding; empty at the beginning. */
  readonly trailer: Uint8Array;
  /** A header, or zeros. */
  readonly rest: Uint8Array;
  readonly isEnd: boolean;
}

/** Splits the glue block that lies at this place of its shard. @throws {ArchiveError} `release_invalid`. */
export function splitGlue(bytes: Uint8Array, offset: number): SplitGlue {
  const padding = tarPadding(offset);
  const size = offset === 0 ? 0 : sizeIn(bytes.subarray(padding, padding + TAR_BLOCK));
  const length = offset === 0 ? 0 : padding + TAR_BLOCK + size + tarPadding(size);
  const rest = bytes.subarray(length);
  if (!(rest.length >= TAR_BLOCK)) throw brokenShard(`the glue at ${offset} ends too early`);
  return { trailer: bytes.subarray(0, length), rest, isEnd: rest[0] === 0 };
}

/** Returns the size that a tar header says; what is none gives NaN. */
function sizeIn(header: Uint8Array): number {
  return Number.parseInt(Buffer.from(header).toString('latin1', 124, 135), 8);
}

export function brokenShard(what: string): ArchiveError {
  return new ArchiveError('release_invalid', `the shard is broken: ${what}`);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new ArchiveError('release_invalid', 'a sidecar of the shard is not JSON', { cause });
  }
}
