/** A WebP of 4 × 3 pixels (extended form, without a picture) with the chunks. */
export function webp(...chunks: readonly Buffer[]): Buffer {
  const extended = Buffer.from('00000000030000020000', 'hex');
  const body = Buffer.concat([Buffer.from('WEBP'), riffChunk('VP8X', extended), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), length(body.length), body]);
}

export function riffChunk(type: string, data: Uint8Array): Buffer {
  const padding = Buffer.alloc(data.length % 2);
  return Buffer.concat([Buffer.from(type), length(data.length), data, padding]);
}

function length(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
