import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { takeUploaded } from '../../archive/operations/take-files.ts';
import type { SaidOfUpload } from '../contract/upload-endpoints.ts';

/** A file that has come whole. */
interface WholeFile {
  readonly path: string;
  readonly size: number;
}

export interface TakenFile {
  /** The asset as it is shown, with what there is to tell. */
  readonly asset: { readonly cid: string };
  readonly isDeposited: boolean;
}

/** Has a file taken in with what was said of it; what is recorded is durable when the promise resolves. */
export async function takeFile(
  { path, size }: WholeFile,
  said: SaidOfUpload,
  runner: Pick<OperationRunner, 'start'>,
  signal: AbortSignal,
): Promise<TakenFile> {
  const { name, collection, custody, sha256: _checked, ...words } = said;
  const input = { path, name, size, collection, custody: custody === 'true', words };
  const told = { signal, progress() {}, notice() {}, async item() {} };
  // The table of operations knows inputs only; this is what this one gives.
  return (await runner.start(takeUploaded, input, told).result) as TakenFile;
}
