import { codecOf } from '../../core/cid.ts';
import type { Block } from '../../core/statements/block.ts';
import { type BodyPart, encodeMessage } from './protocol.ts';

/** A part is closed once it holds so much, a message is sent before it would hold more. */
const PART_BYTES = 1_048_576;

/** What is sent of one entry: all of it, or some of its records. */
interface Body {
  readonly bytes?: Uint8Array;
  readonly blocks?: readonly Block[];
  readonly records: readonly Block[];
}

/** Yields an entry with what belongs to it in parts that fit into messages; an empty one for none. */
export function* bodyParts(body: Body | undefined): Generator<Part, void> {
  let part = new Part(body?.bytes ?? null);
  for (const { cid, bytes } of body?.blocks ?? []) {
    if (part.isFullFor(bytes)) {
      yield part;
      part = new Part(null);
    }
    part.blocks.push([codecOf(cid), bytes]);
    part.byteLength += bytes.length;
  }
  for (const { bytes } of body?.records ?? []) {
    if (part.isFullFor(bytes)) {
      yield part;
      part = new Part(null);
    }
    part.records.push(bytes);
    part.byteLength += bytes.length;
  }
  part.last = true;
  yield part;
}

class Part {
  readonly entry: Uint8Array | null;
  readonly blocks: [number, Uint8Array][] = [];
  readonly records: Uint8Array[] = [];
  last = false;
  byteLength: number;

  constructor(entry: Uint8Array | null) {
    this.entry = entry;
    this.byteLength = entry?.length ?? 0;
  }

  isFullFor(bytes: Uint8Array): boolean {
    return this.byteLength > 0 && this.byteLength + bytes.length > PART_BYTES;
  }

  toMessage(): BodyPart {
    const { entry, blocks, records, last } = this;
    return { entry, blocks, records, last };
  }
}

/** Packs parts into messages as they come. */
export async function* packed(parts: AsyncIterable<Part>): AsyncGenerator<Uint8Array, void> {
  let bodies: BodyPart[] = [];
  let byteLength = 0;
  for await (const part of parts) {
    if (bodies.length > 0 && byteLength + part.byteLength > PART_BYTES) {
      yield encodeMessage({ type: 'bodies', bodies });
      bodies = [];
      byteLength = 0;
    }
    bodies.push(part.toMessage());
    byteLength += part.byteLength;
  }
  if (bodies.length > 0) yield encodeMessage({ type: 'bodies', bodies });
}
