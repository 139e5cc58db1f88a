/** Less is not worth the call, and may lie in a pool of others. */
const LARGE_BYTES = 16_384;

/**
 * Frees the memory of bytes that nobody will look at again, without waiting for the collector: V8
 * collects its whole heap for every 64 MiB that were taken outside of it, which at the speed of a
 * line costs more than the encryption. Nothing is freed unless the bytes reach the end of their buffer:
 * those before them must have been done with.
 */
export function release(bytes: Uint8Array): void {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer.byteLength < LARGE_BYTES || byteOffset + byteLength < buffer.byteLength) return;
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
