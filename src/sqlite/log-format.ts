/** Sizes and places of the write-ahead log, https://www.sqlite.org/fileformat2.html#walformat */
export const LOG_HEADER = 32;
export const FRAME_HEADER = 24;
/** Little-endian checksums; one more says big-endian. */
export const LOG_MAGIC = 0x377f0682;

/** The checksum of the format: two running sums over pairs of 32-bit words. */
export class LogChecksum {
  readonly #isLittleEndian: boolean;
  #s0 = 0;
  #s1 = 0;

  /** `magic` is the first word of the log. */
  constructor(magic: number) {
    this.#isLittleEndian = magic !== LOG_MAGIC + 1;
  }

  add(bytes: Buffer): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let [s0, s1] = [this.#s0, this.#s1];
    for (let at = 0; at < bytes.length; at += 8) {
      s0 = (s0 + view.getUint32(at, this.#isLittleEndian) + s1) >>> 0;
      s1 = (s1 + view.getUint32(at + 4, this.#isLittleEndian) + s0) >>> 0;
    }
    this.#s0 = s0;
    this.#s1 = s1;
  }

  /** Says whether these eight bytes, big-endian in every file, are the sums. */
  is(bytes: Buffer): boolean {
    return bytes.readUInt32BE(0) === this.#s0 && bytes.readUInt32BE(4) === this.#s1;
  }
}
