import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const CONFIG = `
[req]
distinguished_name = dn
[dn]
[v3_ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[v3_tsa]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = tsa1
[tsa1]
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.crt
certs = ./ca.crt
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256,sha384,sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_alg = sha256
`;

export interface TestAuthority {
  readonly roots: string;
  /** Returns a reply about a file's bytes. */
  stamp(
    bytes: Uint8Array,
    options?: { readonly digest?: string; readonly token?: boolean },
  ): Buffer;
}

/** Makes a real time-stamping authority of RFC 3161 with openssl in a folder. */
export function testAuthority(
  folder: string,
  { key = ['-newkey', 'rsa:2048'] } = {},
): TestAuthority {
  mkdirSync(folder);
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  writeFileSync(join(folder, 'tsa.cnf'), CONFIG);
  writeFileSync(join(folder, 'serial'), '01');
  const config = ['-nodes', '-config', 'tsa.cnf'];
  openssl(
    ...['req', '-x509', ...key, ...config, '-keyout', 'ca.key', '-out', 'ca.crt'],
    ...['-days', '30', '-extensions', 'v3_ca', '-subj', '/CN=Test CA'],
  );
  openssl(
    'req',
    ...key,
    ...config,
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.csr',
    '-subj',
    '/CN=Test TSA',
  );
  openssl(
    ...['x509', '-req', '-in', 'tsa.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
    ...['-days', '30', '-extfile', 'tsa.cnf', '-extensions', 'v3_tsa', '-out', 'tsa.crt'],
  );
  return {
    roots: readFileSync(join(folder, 'ca.crt'), 'utf8'),
    stamp(bytes, { digest = 'sha256', token = false } = {}) {
      writeFileSync(join(folder, 'data'), bytes);
      openssl('ts', '-query', '-data', 'data', `-${digest}`, '-cert', '-out', 'q.tsq');
      openssl(
        ...['ts', '-reply', '-config', 'tsa.cnf', '-section', 'tsa1', '-queryfile', 'q.tsq'],
        ...(token ? ['-token_out'] : []),
        ...['-out', 'r.tsr'],
      );
      return readFileSync(join(folder, 'r.tsr'));
    },
  };
}
