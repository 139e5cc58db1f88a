import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { ArchiveError } from '../../core/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import type { TlsFiles } from './exposure.ts';

/** So often it is looked at whether a certificate was renewed. */
const LOOK_MS = 2000;

/** Returns a certificate with its key. @throws {ArchiveError} `usage_invalid` naming both files. */
export function readCertificate(files: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  try {
    const read = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(read);
    return read;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ArchiveError(
      'usage_invalid',
      `${files.cert} and ${files.key} are no certificate in PEM with its key (${why})`,
      { cause },
    );
  }
}

/**
 * Has a server show a renewed certificate to whoever connects from then on, until disposed. What cannot
 * be read, as between the writing of one file and of the other, changes nothing.
 */
export function followCertificate(server: Server, files: TlsFiles, log: Log): Disposable {
  const renew = () => {
    try {
      server.setSecureContext(readCertificate(files));
      log({ level: 'note', event: 'certificate', text: `${files.cert} is shown from now on` });
    } catch (error) {
      const text = `the certificate was not renewed: ${error instanceof Error ? error.message : error}`;
      log({ level: 'warning', event: 'certificate', text });
    }
  };
  const paths = [files.cert, files.key];
  for (const path of paths) watchFile(path, { interval: LOOK_MS, persistent: false }, renew);
  return {
    [Symbol.dispose]() {
      for (const path of paths) unwatchFile(path, renew);
    },
  };
}
