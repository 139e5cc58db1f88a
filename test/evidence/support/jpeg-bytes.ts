/** A JPEG as far as metadata goes: the segments, then a start of scan and nothing to see. */
export function jpeg(...segments: readonly Uint8Array[]): Buffer {
  const start = Buffer.from('ffd8', 'hex');
  const scan = Buffer.from('ffda0008010100003f00d2ffd9', 'hex');
  return Buffer.concat([start, ...segments, scan]);
}

export function segment(marker: number, data: Uint8Array | string): Buffer {
  const body = Buffer.from(data);
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export function exifSegment(tiff: Uint8Array): Buffer {
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}

export function xmpSegment(xmp: string): Buffer {
  return segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${xmp}`);
}

/** Extended XMP: the same digest and full length in each part, and where the part belongs. */
export function moreXmpSegment(
  digest: string,
  fullLength: number,
  at: number,
  part: string,
): Buffer {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(fullLength, 0);
  numbers.writeUInt32BE(at, 4);
  const name = Buffer.from(`http://ns.adobe.com/xmp/extension/\0${digest}`);
  return segment(0xe1, Buffer.concat([name, numbers, Buffer.from(part)]));
}

/** Spreads a JUMBF box over APP11 segments of at most `most` bytes of it. */
export function storeSegments(box: Buffer, most: number): Buffer[] {
  const segments: Buffer[] = [];
  const boxHead = box.subarray(0, 8);
  for (let at = 8, packet = 1; at < box.length; at += most, packet += 1) {
    const head = Buffer.from('4a50000100000000', 'hex');
    head.writeUInt32BE(packet, 4);
    segments.push(segment(0xeb, Buffer.concat([head, boxHead, box.subarray(at, at + most)])));
  }
  return segments;
}
