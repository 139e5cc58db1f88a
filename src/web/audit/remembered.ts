import { parseCheckpointText } from '../../core/entries/note.ts';
import { parseSignedNote } from '../../core/entries/signed-note.ts';

/** What this browser has seen of a node's log, when it looked last and all was well. */
export interface RememberedLog {
  /** Of the archive whose log it is. */
  readonly address: string;
  /** The node's signed note over its log, as it was then. */
  readonly note: string;
  /** RFC 3339, by this browser's clock. */
  readonly seen: string;
}

/** Returns what was seen of the log of a node's key; undefined at the first visit. */
export function rememberedLog(node: string): RememberedLog | undefined {
  const text = localStorage.getItem(nameOf(node));
  if (text === null) return undefined;
  try {
    const { address, note, seen } = JSON.parse(text);
    parseCheckpointText(parseSignedNote(note).text);
    return { address: String(address), note, seen: String(seen) };
  } catch {
    // Nobody but this page writes there: what cannot be read is as if it had never been seen.
    return undefined;
  }
}

export function rememberLog(node: string, log: RememberedLog): void {
  localStorage.setItem(nameOf(node), JSON.stringify(log));
}

export function forgetLog(node: string): void {
  localStorage.removeItem(nameOf(node));
}

function nameOf(node: string): string {
  return `ringfence-log ${node}`;
}
