import { TEXT } from './english.ts';

/** Returns what people call a kind of file; one that has no such name here keeps its media type. */
export function kindName(mediaType: string): string {
  return TEXT.kindNames[mediaType] ?? mediaType;
}
