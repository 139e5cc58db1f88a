import { onShelf } from '../api/shelf.ts';

/** What became of a file that was sent before: where it can go on, or the asset that it is. */
export interface SentBefore {
  readonly at: number;
  readonly url?: string;
  readonly cid?: string;
}

/** A node remembers an upload for a day where its home does not say otherwise. */
const KEPT_MS = 86_400_000;

/** Returns a name for a file as it is, at a place, with what is said of it. */
export async function nameOf(
  { name, size, lastModified }: File,
  said: Readonly<Record<string, string>>,
): Promise<string> {
  const text = JSON.stringify([name, size, lastModified, said]);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}

/** What is kept is a help alone: a browser that keeps nothing sends the file from its start. */
export async function sentBefore(name: string): Promise<SentBefore | undefined> {
  const kept = await onShelf<SentBefore | undefined>('deposits', 'readonly', (shelf) =>
    shelf.get(name),
  ).catch(() => undefined);
  return kept !== undefined && Date.now() - kept.at < KEPT_MS ? kept : undefined;
}

export async function rememberSent(name: string, what: Omit<SentBefore, 'at'>): Promise<void> {
  const put = (shelf: IDBObjectStore) => shelf.put({ ...what, at: Date.now() }, name);
  await onShelf('deposits', 'readwrite', put).catch(() => {});
}

export async function forgetSent(name: string): Promise<void> {
  await onShelf('deposits', 'readwrite', (shelf) => shelf.delete(name)).catch(() => {});
}
