import { sha256 } from '../../src/ledger/sha256.ts';

/** The header of Bitcoin's first block, and the one transaction in it. */
export const BITCOIN_HEADER = Buffer.from(
  `01000000${'00'.repeat(32)}3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a29ab5f49ffff001d1dac2b7c`,
  'hex',
);
export const COINBASE = Buffer.from(
  `01000000010000000000000000000000000000000000000000000000000000000000000000ffffffff4d04ffff001d0104455468652054696d65732030332f4a616e2f32303039204368616e63656c6c6f72206f6e206272696e6b206f66207365636f6e64206261696c6f757420666f722062616e6b73ffffffff0100f2052a01000000434104678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb649f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5fac00000000`,
  'hex',
);

/** Attestations: of the block at height 0, and of a calendar that waits. */
export const BITCOIN = '000588960d73d719010100';
export const PENDING = '0083dfe30d2ef90c8e0403612e62';

/** Returns a proof about bytes: the hexadecimal parts of its tree behind magic, version and digest. */
export function ots(bytes: Uint8Array, ...tree: readonly string[]): Buffer {
  const magic = '004f70656e54696d657374616d7073000050726f6f6600bf89e2e884e89294';
  const digest = Buffer.from(sha256(bytes)).toString('hex');
  return Buffer.from(`${magic}0108${digest}${tree.join('')}`, 'hex');
}
