import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes a certificate for a name, which signs itself, with openssl, and returns it. */
export function writeCertificate(folder: string, name: string): Buffer {
  const [cert, key] = ['tls-cert.pem', 'tls-key.pem'].map((file) => join(folder, file)) as [
    string,
    string,
  ];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
      ...['-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`],
      ...['-out', cert, '-keyout', key],
    ],
    { stdio: 'ignore' },
  );
  return readFileSync(cert);
}
