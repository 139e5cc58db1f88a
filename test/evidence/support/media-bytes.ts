import { box } from './jumbf-bytes.ts';

/** Sound and film with one tag each, as ffmpeg and its relatives write them. */

function uint32(value: number, order: 'le' | 'be' = 'be'): Buffer {
  const bytes = Buffer.alloc(4);
  if (order === 'le') bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint32(bytes.length, 'le'), bytes]);
}

/** A FLAC of no samples with a Vorbis comment. */
export function flac(key: string, value: string): Buffer {
  const comment = Buffer.concat([counted('test'), uint32(1, 'le'), counted(`${key}=${value}`)]);
  const information = Buffer.alloc(34);
  information.writeUInt32BE(0x0ac442f0, 10);
  const block = (type: number, data: Buffer) =>
    Buffer.concat([uint32(type * 0x1000000 + data.length), data]);
  return Buffer.concat([Buffer.from('fLaC'), block(0, information), block(0x84, comment)]);
}

/** An ID3v2.3 tag with a user-defined text, before silence. */
export function mp3(key: string, value: string): Buffer {
  const text = Buffer.concat([Buffer.from([0]), Buffer.from(`${key}\0${value}`, 'latin1')]);
  const frame = Buffer.concat([Buffer.from('TXXX'), uint32(text.length), Buffer.alloc(2), text]);
  const synchsafe = [21, 14, 7, 0].map((shift) => (frame.length >> shift) & 0x7f);
  const header = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, ...synchsafe]);
  const sound = Buffer.alloc(417 * 3);
  for (const at of [0, 417, 834]) sound.set([0xff, 0xfb, 0x90, 0x00], at);
  return Buffer.concat([header, frame, sound]);
}

/** A film without pictures whose metadata have keys of their own (`use_metadata_tags` of ffmpeg). */
export function mp4(key: string, value: string): Buffer {
  const full = Buffer.alloc(4);
  const name = box('mdta', Buffer.from(key));
  const data = box('data', Buffer.concat([uint32(1), Buffer.alloc(4), Buffer.from(value)]));
  const item = Buffer.concat([uint32(data.length + 8), uint32(1), data]);
  const handler = Buffer.concat([full, Buffer.alloc(4), Buffer.from('mdta'), Buffer.alloc(13)]);
  const meta = Buffer.concat([
    box('hdlr', handler),
    box('keys', Buffer.concat([full, uint32(1), name])),
    box('ilst', item),
  ]);
  const start = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2'));
  return Buffer.concat([start, box('moov', box('meta', meta)), box('mdat', Buffer.alloc(8))]);
}

/** A QuickTime film without pictures, with one text among its user data. */
export function mov(type: string, value: string): Buffer {
  const text = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt16BE(text.length);
  const data = box('udta', boxOf(type, Buffer.concat([length, text])));
  const start = box('ftyp', Buffer.from('qt  \0\0\x02\0qt  '));
  return Buffer.concat([start, box('moov', data), box('mdat', Buffer.alloc(8))]);
}

/** A box whose type has a letter beyond ASCII. */
function boxOf(type: string, data: Buffer): Buffer {
  return Buffer.concat([uint32(8 + data.length), Buffer.from(type, 'latin1'), data]);
}

/** A binary glTF of nothing but its JSON. */
export function glb(document: string): Buffer {
  const json = Buffer.from(document);
  const length = uint32(json.length, 'le');
  const start = [Buffer.from('glTF'), uint32(2, 'le'), uint32(20 + json.length, 'le')];
  return Buffer.concat([...start, length, Buffer.from('JSON'), json]);
}
