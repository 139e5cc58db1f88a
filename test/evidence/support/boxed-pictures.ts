import { brotliCompressSync } from 'node:zlib';
import { box } from './jumbf-bytes.ts';

/** HEIF, JPEG XL, GIF and PDF files that hold one piece of metadata and nothing to look at. */

function uint(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return bytes;
}

/** A HEIF with one item, described by `iinf` and placed by `iloc`. */
export function heif(type: 'Exif' | 'mime', data: Uint8Array): Buffer {
  const contentType = type === 'mime' ? 'application/rdf+xml\0' : '';
  const entry = Buffer.concat([
    uint(0x02000000, 4),
    uint(7, 2),
    uint(0, 2),
    Buffer.from(`${type}\0${contentType}`),
  ]);
  const information = box('iinf', Buffer.concat([uint(0, 4), uint(1, 2), box('infe', entry)]));
  const locations = (offset: number) =>
    box(
      'iloc',
      Buffer.concat([
        uint(0, 4),
        uint(0x4400, 2),
        uint(1, 2),
        uint(7, 2),
        uint(0, 2),
        uint(1, 2),
        uint(offset, 4),
        uint(data.length, 4),
      ]),
    );
  const start = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic'));
  const meta = (offset: number) =>
    box('meta', Buffer.concat([uint(0, 4), information, locations(offset)]));
  const offset = start.length + meta(0).length + 8;
  return Buffer.concat([start, meta(offset), box('mdat', data)]);
}

/** EXIF as boxes hold it: four bytes before it say how far it is. */
export function behindOffset(tiff: Uint8Array): Buffer {
  return Buffer.concat([uint(0, 4), tiff]);
}

export function jpegXl(type: string, data: Uint8Array, isPacked: boolean): Buffer {
  const start = Buffer.concat([
    box('JXL ', Buffer.from('0d0a870a', 'hex')),
    box('ftyp', Buffer.from('jxl \0\0\0\0jxl ')),
  ]);
  const packed = () => box('brob', Buffer.concat([Buffer.from(type), brotliCompressSync(data)]));
  return Buffer.concat([start, isPacked ? packed() : box(type, data)]);
}

/** A GIF of one pixel with an application extension, its data in sub-blocks or, as XMP has it, not. */
export function gif(application: string, data: Uint8Array, isSplit: boolean): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; isSplit && at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  const trailer = Uint8Array.from({ length: 257 }, (_, at) => (at === 0 ? 1 : 256 - at));
  const body = isSplit ? Buffer.concat(parts) : Buffer.concat([data, trailer]);
  return Buffer.concat([
    Buffer.from('GIF89a\x01\0\x01\0\0\0\0', 'latin1'),
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from(application, 'latin1'),
    body,
    Buffer.from([0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b]),
  ]);
}

/** A PDF of which only the objects matter here. */
export function pdf(...objects: readonly (string | Uint8Array)[]): Buffer {
  const parts = objects.map((object) =>
    typeof object === 'string' ? Buffer.from(object) : object,
  );
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), ...parts, Buffer.from('\n%%EOF\n')]);
}

export function pdfStream(dictionary: string, data: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.from(`4 0 obj <</Length ${data.length} ${dictionary}>>\nstream\n`),
    data,
    Buffer.from('\nendstream endobj\n'),
  ]);
}
