/**
 * Tight loops over 64-bit integers, which JavaScript can only do with BigInt, as WebAssembly: one function
 * over one memory, written as the opcodes it is made of (WebAssembly core specification 2.0, chapter 5).
 */

/** The opcodes in use, by their names in the specification with `_` for `.`. */
export const OP = {
  block: 0x02,
  loop: 0x03,
  br: 0x0c,
  br_if: 0x0d,
  end: 0x0b,
  select: 0x1b,
  local_get: 0x20,
  local_set: 0x21,
  local_tee: 0x22,
  i64_load: 0x29,
  i64_load32_u: 0x35,
  i32_const: 0x41,
  i64_const: 0x42,
  i32_lt_u: 0x49,
  i32_le_u: 0x4d,
  i32_ge_u: 0x4f,
  i64_ge_u: 0x5a,
  i32_add: 0x6a,
  i64_popcnt: 0x7b,
  i64_add: 0x7c,
  i64_sub: 0x7d,
  i64_mul: 0x7e,
  i64_and: 0x83,
  i64_xor: 0x85,
  i64_shr_u: 0x88,
  i32_wrap_i64: 0xa7,
} as const;

/** The type of a block that gives nothing. */
export const NO_RESULT = 0x40;

const I32 = 0x7f;
const I64 = 0x7e;
const PAGE_BYTES = 65_536;

interface WasmMemory {
  /** Another one after the memory has grown. */
  readonly buffer: ArrayBuffer;
  /** Grows by so many pages of 64 KiB. */
  grow(pages: number): number;
}

interface WasmApi {
  readonly Memory: new (descriptor: { readonly initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly js: { readonly memory: WasmMemory } },
  ) => { readonly exports: { readonly call: WasmFunction['call'] } };
}

/** The types of Node do not know WebAssembly, which is part of every engine. */
const wasm = Reflect.get(globalThis, 'WebAssembly') as WasmApi;

/** A function of `params` 32-bit integers that returns one, and what it works on. */
export interface WasmFunction {
  readonly call: (...args: readonly number[]) => number;
  readonly memory: WasmMemory;
}

/**
 * Returns a function made of `code`. Its locals are the parameters, then `locals.i32` 32-bit and
 * `locals.i64` 64-bit ones.
 */
export function createWasmFunction(
  params: number,
  locals: { readonly i32: number; readonly i64: number },
  code: readonly number[],
  memoryBytes: number,
): WasmFunction {
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const memory = new wasm.Memory({ initial: pages });
  const type = [1, 0x60, params, ...Array<number>(params).fill(I32), 1, I32];
  const text = (value: string) => [value.length, ...new TextEncoder().encode(value)];
  const body = [2, locals.i32, I32, locals.i64, I64, ...code, OP.end];
  const bytes = Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(2, [1, ...text('js'), ...text('memory'), 2, 0, 1]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('call'), 0, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
  const { exports } = new wasm.Instance(new wasm.Module(bytes), { js: { memory } });
  return { call: exports.call, memory };
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** LEB128 of a count or a place. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 of a constant that is not negative: a digit more where the sign bit would be set. */
export function signed(value: bigint): number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  return rest === 0n && low < 0x40 ? [low] : [low | 0x80, ...signed(rest)];
}
