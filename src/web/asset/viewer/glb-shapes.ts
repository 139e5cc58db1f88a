import type { Group } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BINARY_CHUNK = 0x004e4942;
/** What a file of this many parts takes can be drawn without a pause. */
const MOST_PARTS = 4096;

/**
 * Returns the shapes of a binary glTF file (Khronos glTF 2.0, section 4), without its colours, pictures, movement
 * and extensions. Nothing that it names elsewhere is fetched: a buffer that is not in the file itself is refused.
 *
 * @throws {Error} for what is no such file, or takes what is not in it.
 */
export async function glbShapes(bytes: ArrayBuffer): Promise<Group> {
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== 2) throw new Error('no GLB');
  const length = view.getUint32(12, true);
  if (view.getUint32(16, true) !== JSON_CHUNK) throw new Error('no JSON comes first');
  const told: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, length)));
  const at = 20 + length;
  const hasBinary = at + 8 <= bytes.byteLength && view.getUint32(at + 4, true) === BINARY_CHUNK;
  const binary = hasBinary
    ? new Uint8Array(bytes, at + 8, view.getUint32(at, true))
    : new Uint8Array(0);
  const text = new TextEncoder().encode(JSON.stringify(shapesOnly(Object(told))));
  const { scene } = await new GLTFLoader().parseAsync(glbOf(text, binary), '');
  return scene;
}

/** Leaves aside everything but nodes, meshes and the numbers in them. */
function shapesOnly({
  asset,
  scene,
  scenes,
  nodes,
  meshes,
  accessors,
  bufferViews,
  buffers,
}: GlTf) {
  if (parts(nodes) + parts(meshes) + parts(accessors) > MOST_PARTS)
    throw new Error('too many parts');
  const own = list(buffers);
  if (own.length > 1 || own.some((buffer) => 'uri' in buffer)) {
    throw new Error('it takes what is not in it');
  }
  if (list(accessors).some(({ bufferView, sparse }) => bufferView === undefined || sparse)) {
    throw new Error('it has numbers that are nowhere in it');
  }
  refuseCircles(list(nodes), list(scenes));
  const shapes = list(meshes).map(({ primitives }) => ({
    primitives: list(primitives).map(({ attributes, indices, mode }) => {
      const { POSITION, NORMAL } = Object(attributes);
      return { attributes: { POSITION, NORMAL }, indices, mode };
    }),
  }));
  const placed = list(nodes).map(({ mesh, children, matrix, translation, rotation, scale }) => {
    return { mesh, children, matrix, translation, rotation, scale };
  });
  return {
    asset,
    scene,
    scenes,
    nodes: placed,
    meshes: shapes,
    accessors,
    bufferViews,
    buffers: own,
  };
}

/** Nodes are a tree below what a scene names: none has two places, and no root is below another. */
function refuseCircles(
  nodes: readonly Record<string, unknown>[],
  scenes: readonly Record<string, unknown>[],
): void {
  const below = nodes.flatMap(({ children }) => (Array.isArray(children) ? children : []));
  const roots = scenes.flatMap((scene) => (Array.isArray(scene['nodes']) ? scene['nodes'] : []));
  const placed = new Set(below);
  if (placed.size < below.length || roots.some((root) => placed.has(root))) {
    throw new Error('its parts go in a circle');
  }
}

interface GlTf {
  readonly [part: string]: unknown;
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.map((one) => Object(one)) : [];
}

function parts(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function glbOf(json: Uint8Array, binary: Uint8Array): ArrayBuffer {
  const padded = Math.ceil(json.length / 4) * 4;
  const filled = Math.ceil(binary.length / 4) * 4;
  const whole = new Uint8Array(12 + 8 + padded + 8 + filled);
  const view = new DataView(whole.buffer);
  for (const [place, value] of [MAGIC, 2, whole.length, padded, JSON_CHUNK].entries()) {
    view.setUint32(place * 4, value, true);
  }
  whole.fill(0x20, 20, 20 + padded);
  whole.set(json, 20);
  view.setUint32(20 + padded, filled, true);
  view.setUint32(24 + padded, BINARY_CHUNK, true);
  whole.set(binary, 28 + padded);
  return whole.buffer;
}
