import { brotliCompressSync } from 'node:zlib';
import { encode } from '@ipld/dag-cbor';

/** UUIDs of JUMBF superboxes: four letters and a common tail. */
const UUID_TAIL = '00110010800000aa00389b71';

export function box(type: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, data]);
}

export function superbox(kind: string, label: string, ...content: readonly Uint8Array[]): Buffer {
  const uuid = Buffer.concat([Buffer.from(kind), Buffer.from(UUID_TAIL, 'hex')]);
  const description = Buffer.concat([uuid, Buffer.from([3]), Buffer.from(`${label}\0`)]);
  return box('jumb', Buffer.concat([box('jumd', description), ...content]));
}

/** A C2PA manifest store with one manifest, whose one assertion is the box. */
export function store(assertion: Uint8Array): Buffer {
  const assertions = superbox('c2as', 'c2pa.assertions', assertion);
  return superbox('c2pa', 'c2pa', superbox('c2ma', 'urn:c2pa:test', assertions));
}

export function actions(...sourceTypes: readonly string[]): Buffer {
  const list = sourceTypes.map((digitalSourceType) => ({
    action: 'c2pa.created',
    digitalSourceType,
  }));
  return superbox('cbor', 'c2pa.actions.v2', box('cbor', encode({ actions: list })));
}

/** An action by a tool that names itself. */
export function actionBy(tool: string, digitalSourceType: string): Buffer {
  const action = { action: 'c2pa.created', softwareAgent: { name: tool }, digitalSourceType };
  return superbox('cbor', 'c2pa.actions.v2', box('cbor', encode({ actions: [action] })));
}

/** A superbox packed with Brotli, as C2PA keeps compressed manifests. */
export function packed(superboxBytes: Buffer): Buffer {
  const type = superboxBytes.subarray(4, 8);
  return box('brob', Buffer.concat([type, brotliCompressSync(superboxBytes.subarray(8))]));
}
