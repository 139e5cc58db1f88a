import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { initSync, WasmReader } from '@contentauth/c2pa-wasm';
import { boundedModule } from './bounded-module.ts';

/**
 * The C2PA validator of a thread: one instance of c2pa-rs as WebAssembly.
 *
 * Its memory never shrinks and a trap leaves it in no known state, and the package makes one instance
 * per thread. So a validator that has trapped or has grown is spent, and its thread is to be replaced.
 */

/** An input is held four times at most: by its reader, by us, by the instance, and once more while it grows. */
export const LARGEST_INPUT = 256 * 1024 * 1024;
const MOST_MEMORY = 1024 * 1024 * 1024;
/** Above this an instance is not kept for the next file. */
const KEPT_MEMORY = 128 * 1024 * 1024;

/** What the validator says, as JSON texts: its own report, and crJSON. */
export interface ValidatorReport {
  readonly report: string;
  readonly crJson: string;
}

/** The validator does not take the bytes; its words, for the raw evidence. */
export class ValidatorRefusal extends Error {
  override readonly name = 'ValidatorRefusal';
}

let memory: { readonly buffer: { readonly byteLength: number } } | undefined;
let hasTrapped = false;

/** Whether the thread is to be replaced before the next file. */
export function isSpent(): boolean {
  return hasTrapped || (memory !== undefined && memory.buffer.byteLength > KEPT_MEMORY);
}

/**
 * Validates the credential of one file. `settings` is the JSON of c2pa-rs.
 *
 * @throws {ValidatorRefusal} if the validator finds nothing that it can read; anything else is a trap.
 */
export async function validate(
  mediaType: string,
  bytes: Uint8Array,
  settings: string,
): Promise<ValidatorReport> {
  memory ??= load();
  try {
    const reader = await WasmReader.fromBytes(mediaType, bytes, settings);
    const said = { report: reader.json(), crJson: reader.crJson() };
    reader.free();
    return said;
  } catch (error) {
    if (isTrap(error)) {
      hasTrapped = true;
      throw error;
    }
    throw new ValidatorRefusal(error instanceof Error ? error.message : String(error));
  }
}

/** A trap of WebAssembly, its stack used up included. */
function isTrap(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
}

function load(): NonNullable<typeof memory> {
  const path = fileURLToPath(import.meta.resolve('@contentauth/c2pa-wasm/c2pa.wasm'));
  return initSync({ module: boundedModule(readFileSync(path), MOST_MEMORY) }).memory;
}
