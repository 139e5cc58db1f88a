import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import type { SaidOfUpload } from '../contract/upload-endpoints.ts';
import type { PartsFolder } from './parts-folder.ts';
import { takeFile } from './take-file.ts';

/** An upload of which all bytes are here. */
export interface WholeUpload {
  readonly id: string;
  readonly size: number;
  readonly said: SaidOfUpload;
}

/** What speaks of an upload itself, or of what was said of it: it can never be taken in. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  ...(['input_invalid', 'digest_mismatch'] as const),
  ...(['catalogue_invalid', 'row_invalid', 'licence_unknown'] as const),
]);

/**
 * Takes in resumable uploads that have come whole. That goes on when the client has gone: what became of an
 * upload is remembered. One that the archive will not have is removed; one that the node could not take in
 * stays, whatever was in the way, and an empty `PATCH` at its end tries again.
 */
export class TakingWhole {
  readonly #parts: PartsFolder;
  readonly #runner: Pick<OperationRunner, 'start'>;
  readonly #taking = new Map<string, Promise<string>>();

  constructor(parts: PartsFolder, runner: Pick<OperationRunner, 'start'>) {
    this.#parts = parts;
    this.#runner = runner;
  }

  /** Returns the asset as JSON. What is recorded is durable then. */
  take(upload: WholeUpload): Promise<string> {
    const { id } = upload;
    const begun = this.#taking.get(id);
    if (begun !== undefined) return begun;
    const taking = this.#take(upload).finally(() => this.#taking.delete(id));
    this.#taking.set(id, taking);
    return taking;
  }

  /** Resolves when an upload is not being taken in, or not any more. */
  async taken(id: string): Promise<void> {
    await Promise.allSettled([this.#taking.get(id)]);
  }

  async #take({ id, size, said }: WholeUpload): Promise<string> {
    const path = join(this.#parts.path, id);
    try {
      await refuseOther(path, said.sha256);
      const { signal } = new AbortController();
      const { asset } = await takeFile({ path, size }, said, this.#runner, signal);
      await this.#parts.settle(id, { cid: asset.cid, size });
      return `${JSON.stringify(asset)}\n`;
    } catch (error) {
      if (error instanceof ArchiveError && FINAL.has(error.code)) await this.#parts.remove(id);
      throw error;
    }
  }
}

/** @throws {ArchiveError} `digest_mismatch`. */
async function refuseOther(path: string, sha256: string | undefined): Promise<void> {
  if (sha256 === undefined) return;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  const found = hash.digest('hex');
  if (found === sha256) return;
  const text = `what was sent has the sha-256 ${found}, which is not ${sha256}; send it again`;
  throw new ArchiveError('digest_mismatch', text);
}
