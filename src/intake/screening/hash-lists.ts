import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ArchiveError } from '../../core/errors.ts';
import { onFile } from '../../core/file-fault.ts';

const MOST = 1_000_000;
/** Bits of 256 that PDQ hashes of one picture may differ in, as those who publish lists ask (ThreatExchange). */
const NEAR = 31;
const LINE = /^(?:(sha256|md5|pdq)[:,\s]\s*)?([0-9a-f]{64}|[0-9a-f]{32})(?:[\s,]+(\S{1,64}))?$/i;

/**
 * Lists of hashes: on each line `sha256:HEX`, `md5:HEX` or `pdq:HEX` and a label; without a word before it 64
 * digits are a sha-256 and 32 an MD5. Empty lines and those after `#` say nothing.
 */
export class HashLists {
  readonly #bytes = new Map<string, string>();
  readonly #pictures: { readonly bits: bigint; readonly label: string }[] = [];
  /** Whether the MD5 of bytes must be known. */
  hasMd5 = false;

  /**
   * Returns the lists in these files.
   *
   * @throws {ArchiveError} `file_unreadable`; `input_invalid` naming the line, or for over a million hashes.
   */
  static async open(paths: readonly string[]): Promise<HashLists> {
    const lists = new HashLists();
    for (const path of paths) {
      let number = 0;
      const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
      await onFile(path, async () => {
        for await (const line of lines) lists.#add(line.trim(), `line ${++number} of ${path}`);
      });
    }
    return lists;
  }

  /** Returns the labels under which these bytes are listed. */
  labelsOf(sha256: string, md5: string | undefined, pdq: string | undefined): readonly string[] {
    const exact = [this.#bytes.get(sha256), md5 === undefined ? undefined : this.#bytes.get(md5)];
    const near = pdq === undefined ? [] : this.#near(BigInt(`0x${pdq}`));
    return [...new Set([...exact, ...near])].filter((label) => label !== undefined);
  }

  #near(bits: bigint): readonly string[] {
    return this.#pictures
      .filter((listed) => onesIn(bits ^ listed.bits) <= NEAR)
      .map(({ label }) => label);
  }

  #add(line: string, where: string): void {
    if (line === '' || line.startsWith('#')) return;
    const [, kind = '', hash = '', label = 'unlabelled'] = LINE.exec(line) ?? [];
    const isLong = hash.length === 64;
    if (hash === '' || (kind !== '' && (kind.toLowerCase() === 'md5') === isLong)) {
      throw new ArchiveError(
        'input_invalid',
        `${where} is no hash; write sha256:HEX, md5:HEX or pdq:HEX and a label`,
      );
    }
    if (this.#bytes.size + this.#pictures.length >= MOST) {
      throw new ArchiveError('input_invalid', `${where}: lists hold at most ${MOST} hashes in all`);
    }
    if (kind.toLowerCase() === 'pdq') this.#pictures.push({ bits: BigInt(`0x${hash}`), label });
    else this.#bytes.set(hash.toLowerCase(), label);
    this.hasMd5 ||= !isLong;
  }
}

function onesIn(bits: bigint): number {
  let count = 0;
  for (let rest = bits; rest > 0n && count <= NEAR; rest &= rest - 1n) count += 1;
  return count;
}
