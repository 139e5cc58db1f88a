/** What making folders asks of a file system; `node:fs/promises` and `node:path` have it. */
export interface FolderCalls {
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  stat(path: string): Promise<{ isDirectory(): boolean }>;
  dirname(path: string): string;
}

/**
 * Makes a folder, and first those that it lies in; one that is there stays as it is. What the system
 * refuses is thrown as it says it.
 *
 * The `recursive` of Node 24 never ends in a folder that takes none, such as `/proc`.
 */
export async function makeFolder(path: string, calls: FolderCalls, mode = 0o777): Promise<void> {
  if (await isFolder(path, calls)) return;
  const parent = calls.dirname(path);
  if (parent !== path) await makeFolder(parent, calls, mode);
  try {
    await calls.mkdir(path, { mode });
  } catch (error) {
    // Somebody else may have made it in between.
    if (!(await isFolder(path, calls))) throw error;
  }
}

async function isFolder(path: string, { stat }: FolderCalls): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}
