import { TEXT } from './english.ts';
import { named } from './named.ts';

/** Returns what people call a kind of file; one that has no such name here keeps its media type. */
export function kindName(mediaType: string): string {
  return named(TEXT.kindNames, mediaType) ?? mediaType;
}
