import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The socket's name in the home folder. */
export const SOCKET_NAME = 'node.sock';

/** The folder in the home that a new socket is made in, so that nobody can reach it before its mode is set. */
export const SOCKET_CRADLE = 'node.sock.new';

/**
 * Bytes that the address of a Unix socket has room for, its ending zero left out: 108 on Linux,
 * 104 on macOS and the BSDs (`sockaddr_un.sun_path` in unix(7) and unix(4)).
 */
const MAX_ADDRESS_BYTES = 103;

/** A folder under a path that is short enough for the address of a socket. */
export interface ShortFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Returns a path of the home under which sockets in it can be bound and reached. Where the home's own
 * path is too long that is a link in a private temporary folder, which is removed on disposal: what
 * is connected or bound by then stays so.
 */
export async function shortFolder(home: string): Promise<ShortFolder> {
  const longest = join(home, SOCKET_CRADLE, SOCKET_NAME);
  if (Buffer.byteLength(longest) <= MAX_ADDRESS_BYTES) {
    return { path: home, [Symbol.asyncDispose]: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'rf-'));
  const path = join(folder, 'h');
  await symlink(home, path, 'dir');
  return {
    path,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
