import type { Finding } from '../../core/ports/inspector.ts';
import type { ContentKind } from '../iscc/iscc-code.ts';

/** What a picture, text or sound is like. */
export interface Content {
  readonly kind: ContentKind;
  readonly digest: Uint8Array;
  /** Facts that say how much there is to compare. */
  readonly facts: Finding['facts'];
  /** A title that the bytes themselves state. */
  readonly title?: string | undefined;
}
