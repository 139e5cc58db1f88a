import { toBuffer } from './bytes.ts';
import type { MetadataBlock } from './metadata-block.ts';
import { decodeUtf8OrLatin1 } from './text-encoding.ts';

/** Application record 2 of IPTC-IIM 4.2: the data sets that say when, by what and whose. */
const NAMES: Readonly<Record<number, string>> = {
  55: 'DateCreated',
  60: 'TimeCreated',
  62: 'DigitalCreationDate',
  63: 'DigitalCreationTime',
  65: 'OriginatingProgram',
  110: 'Credit',
  115: 'Source',
  116: 'CopyrightNotice',
};
const MOST_RECORDS = 1_000;
const IIM_RESOURCE = 0x0404;

/** Yields the named texts of IIM data. What comes after something that is no data set is left out. */
export function* iptcRecords(data: Uint8Array): Generator<MetadataBlock> {
  const bytes = toBuffer(data);
  let at = 0;
  for (let count = 0; count < MOST_RECORDS && at + 5 <= bytes.length; count += 1) {
    const length = bytes.readUInt16BE(at + 3);
    // A length above 32,767 would be an extended one, which no text needs.
    if (bytes[at] !== 0x1c || length > 0x7fff) return;
    const value = bytes.subarray(at + 5, at + 5 + length);
    const key = bytes[at + 1] === 2 ? NAMES[bytes[at + 2] ?? 0] : undefined;
    if (key !== undefined) {
      const text = () => ({ text: decodeUtf8OrLatin1(value), isCut: false });
      yield { kind: 'text', place: 'iptc', key, text };
    }
    at += 5 + length;
  }
}

/** Yields the IIM data among Photoshop's image resources (`8BIM`, identifier 0x0404). */
export function* photoshopIptc(data: Uint8Array): Generator<MetadataBlock> {
  const bytes = toBuffer(data);
  let at = 0;
  for (let count = 0; count < MOST_RECORDS && at + 12 <= bytes.length; count += 1) {
    if (bytes.toString('latin1', at, at + 4) !== '8BIM') return;
    // The name is a Pascal string, padded to an even length together with its length byte.
    const nameLength = (bytes[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + nameLength + (nameLength % 2);
    if (sizeAt + 4 > bytes.length) return;
    const size = bytes.readUInt32BE(sizeAt);
    const from = sizeAt + 4;
    if (bytes.readUInt16BE(at + 4) === IIM_RESOURCE) {
      yield* iptcRecords(bytes.subarray(from, from + size));
    }
    at = from + size + (size % 2);
  }
}
