import { write } from 'node:fs';
import { promisify } from 'node:util';

const writeAsync = promisify(write);

/** Given to the system at once; see the leaf worker for why not more. */
const WRITE_BYTES = 1_048_576;

/** Writes all of the bytes at a position of a file: one call of the system may take only some of them. */
export async function writeFully(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(WRITE_BYTES, bytes.length - done);
    const { bytesWritten } = await writeAsync(fd, bytes, done, length, position + done);
    done += bytesWritten;
  }
}
