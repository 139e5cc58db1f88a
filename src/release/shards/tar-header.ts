import { ArchiveError } from '../../core/errors.ts';

/** Everything in a tar lies on a multiple of this. */
export const TAR_BLOCK = 512;

/** A whole tar is padded with zeros to a multiple of this (20 blocks, as GNU tar writes). */
const TAR_RECORD = 10_240;

/** First size that the 11 octal digits of a header cannot hold: 8 GiB. */
const TOO_LARGE = 8 ** 11;

const NAME_BYTES = 100;
const SIZE_AT = 124;
const SUM_AT = 148;

/**
 * Returns the ustar header (POSIX.1-1988) of a plain file: mode 0644, user and group 0 without
 * names, modified at 0. It equals what `tar --format=ustar --mtime=@0 --owner=:0 --group=:0
 * --numeric-owner --mode=0644` of GNU writes, byte for byte, so a shard says nothing of who cut it.
 *
 * @throws {ArchiveError} `release_invalid` for a size of 8 GiB or more, and for a name that is not
 * 1 to 100 printable ASCII characters: these would need extensions that not every reader knows.
 */
export function encodeTarHeader(name: string, size: number): Uint8Array {
  if (!/^[!-~]+$/.test(name) || name.length > NAME_BYTES) {
    throw new ArchiveError(
      'release_invalid',
      `${JSON.stringify(name)} cannot name a file in a shard: it must have 1 to 100 printable ASCII characters`,
    );
  }
  refuseTooLarge(name, size);
  const octal = size.toString(8).padStart(11, '0');
  const header = Buffer.from(BLANK);
  header.write(name, 0, 'latin1');
  header.write(octal, SIZE_AT, 'latin1');
  let sum = BLANK_SUM;
  for (let at = 0; at < name.length; at += 1) sum += name.charCodeAt(at);
  for (let at = 0; at < octal.length; at += 1) sum += octal.charCodeAt(at);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, SUM_AT, 'latin1');
  return header;
}

/** A header without name and size. The sum is taken over one whose own field is blank. */
const BLANK = blankHeader();
const BLANK_SUM = BLANK.reduce((sum, byte) => sum + byte, 0);

function blankHeader(): Buffer {
  const header = Buffer.alloc(TAR_BLOCK);
  header.write('0000644\u00000000000\u00000000000\0', 100, 'latin1');
  header.write('\u000000000000000\0', SIZE_AT + 11, 'latin1');
  header.write('        0', SUM_AT, 'latin1');
  header.write('ustar\u000000', 257, 'latin1');
  header.write('0000000\u00000000000\0', 329, 'latin1');
  return header;
}

/** @throws {ArchiveError} `release_invalid` for a size that a header cannot hold: 8 GiB or more. */
export function refuseTooLarge(name: string, size: number): void {
  if (Number.isSafeInteger(size) && size >= 0 && size < TOO_LARGE) return;
  throw new ArchiveError(
    'release_invalid',
    `${name} has ${size} bytes; a shard holds files below 8 GiB, so leave it out with --most-bytes`,
  );
}

/** Returns how many zeros follow a file of `size` bytes. */
export function tarPadding(size: number): number {
  return (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
}

/** Returns the size of a tar whose members with headers and padding have `bytes`: two empty blocks, then a full record. */
export function tarSize(bytes: number): number {
  return Math.ceil((bytes + 2 * TAR_BLOCK) / TAR_RECORD) * TAR_RECORD;
}
