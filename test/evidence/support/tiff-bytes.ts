/** A value of a TIFF directory: its tag, its field type and its bytes. */
export interface TiffField {
  readonly tag: number;
  readonly type: number;
  readonly value: Uint8Array;
}

const TYPE_BYTES: Readonly<Record<number, number>> = { 3: 2, 4: 4 };

/** A TIFF structure with fields in the first directory and in the EXIF directory. */
export function tiff(
  order: 'II' | 'MM',
  fields: readonly TiffField[],
  exif: readonly TiffField[] = [],
): Buffer {
  const writer = new TiffWriter(order === 'II');
  const head = Buffer.from(order === 'II' ? '49492a0008000000' : '4d4d002a00000008', 'hex');
  const pointer = { tag: 0x8769, type: 4, value: Buffer.alloc(4) };
  const all = exif.length === 0 ? fields : [...fields, pointer];
  const exifAt = 8 + sizeOf(all);
  const first = all.map((field) =>
    field === pointer ? { ...field, value: writer.long(exifAt) } : field,
  );
  const second = exif.length === 0 ? Buffer.alloc(0) : writer.directory(exif, exifAt);
  return Buffer.concat([head, writer.directory(first, 8), second]);
}

export function ascii(tag: number, text: string): TiffField {
  return { tag, type: 2, value: Buffer.from(`${text}\0`) };
}

/** UserComment (37510), an undefined value that begins with the name of its encoding. */
export function userComment(prefix: string, text: Uint8Array): TiffField {
  return { tag: 0x9286, type: 7, value: Buffer.concat([Buffer.from(prefix, 'latin1'), text]) };
}

export function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

function sizeOf(fields: readonly TiffField[]): number {
  const values = fields.map(({ value }) => (value.length > 4 ? value.length : 0));
  return 2 + fields.length * 12 + 4 + values.reduce((sum, length) => sum + length, 0);
}

class TiffWriter {
  readonly #isLittle: boolean;

  constructor(isLittle: boolean) {
    this.#isLittle = isLittle;
  }

  directory(fields: readonly TiffField[], offset: number): Buffer {
    let valueAt = offset + 2 + fields.length * 12 + 4;
    const entries: Buffer[] = [];
    const values: Uint8Array[] = [];
    for (const { tag, type, value } of fields) {
      const inline = Buffer.alloc(4);
      inline.set(value.subarray(0, 4));
      const place = value.length > 4 ? this.long(valueAt) : inline;
      const count = this.long(value.length / (TYPE_BYTES[type] ?? 1));
      entries.push(Buffer.concat([this.short(tag), this.short(type), count, place]));
      if (value.length <= 4) continue;
      values.push(value);
      valueAt += value.length;
    }
    return Buffer.concat([this.short(fields.length), ...entries, Buffer.alloc(4), ...values]);
  }

  short(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.#isLittle) bytes.writeUInt16LE(value);
    else bytes.writeUInt16BE(value);
    return bytes;
  }

  long(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.#isLittle) bytes.writeUInt32LE(value);
    else bytes.writeUInt32BE(value);
    return bytes;
  }
}
