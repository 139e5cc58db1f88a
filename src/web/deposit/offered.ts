/** A file that somebody offers, and where it lies in what was offered, `/` between parts. */
export interface Offered {
  readonly path: string;
  readonly file: File;
}

/** What was offered, and what of it nobody can read, by its path. */
export interface Gathered {
  readonly files: readonly Offered[];
  readonly hidden: number;
  readonly unreadable: readonly { readonly path: string; readonly reason: string }[];
}

/** Looks into what was dropped. The entries have to be taken from the event before it is over. */
export function entriesIn(transfer: DataTransfer): readonly (FileSystemEntry | File)[] {
  return [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null);
}

/**
 * Finds the files in what was dropped or chosen, folder by folder. Names that begin with a dot are
 * left aside, as `ingest` leaves them; `onCount` hears how many there are so far.
 */
export async function gather(
  entries: Iterable<FileSystemEntry | File>,
  onCount: (files: number) => void,
): Promise<Gathered> {
  const files: Offered[] = [];
  const unreadable: { path: string; reason: string }[] = [];
  let hidden = 0;
  const add = (path: string, file: File) => {
    if (path.split('/').some((name) => name.startsWith('.'))) hidden += 1;
    else files.push({ path, file });
    if (files.length % 500 === 0) onCount(files.length);
  };
  const walk = async (entry: FileSystemEntry): Promise<void> => {
    const path = entry.fullPath.replace(/^\//, '');
    try {
      if (isFile(entry)) add(path, await fileOf(entry));
      else
        for (const inside of await childrenOf(entry as FileSystemDirectoryEntry))
          await walk(inside);
    } catch (error) {
      unreadable.push({ path, reason: error instanceof Error ? error.message : String(error) });
    }
  };
  for (const entry of entries) {
    if (entry instanceof File) add(entry.webkitRelativePath || entry.name, entry);
    else await walk(entry);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, hidden, unreadable };
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A browser gives a hundred of a folder at a time, then none. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
