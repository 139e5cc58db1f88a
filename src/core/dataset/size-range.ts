import type { Blank, Modality } from './training-summary.ts';

/** What a modality of a dataset comes to. */
interface ModalitySize {
  readonly modality: Modality;
  readonly assets: number;
  readonly bytes: number;
  readonly mediaTypes: Readonly<Record<string, number>>;
}

/** Media types beside `text/*` that people read. */
const TEXTS = /^application\/(json|xml|xhtml\+xml|pdf|epub\+zip|rtf)$/;

/** Texts that are not compressed. */
const PLAIN = /^(text\/.*|application\/(json|xml|xhtml\+xml))$/;

/** A letter of any older encoding takes at most so many bytes of UTF-8 for each byte of its own. */
const UTF8_BYTES = 3;

/** Returns what the template calls a medium. */
export function modalityOf(mediaType: string): Modality {
  const [first] = mediaType.split('/');
  if (first === 'image' || first === 'audio' || first === 'video') return first;
  return first === 'text' || TEXTS.test(mediaType) ? 'text' : 'other';
}

/**
 * Returns the range of the template (section 1.3) where it follows from what is counted, whatever the
 * provider's tokenizer: no text has more tokens than bytes of UTF-8. All else is the provider's to measure.
 */
export function sizeRange({
  modality,
  assets,
  bytes,
  mediaTypes,
}: ModalitySize): { readonly range: string; readonly because: string } | Blank {
  switch (modality) {
    case 'image':
      return { range: imageRange(assets), because: 'Images are counted one by one.' };
    case 'text':
      if (bytes * UTF8_BYTES < 1e9 && Object.keys(mediaTypes).every((type) => PLAIN.test(type))) {
        const because = 'A text has no more tokens than bytes of UTF-8, whatever the tokenizer.';
        return { range: 'Less than 1 billion tokens', because };
      }
      return {
        toBeFilledIn:
          'less than 1 billion, 1 billion to 10 trillion, or more than 10 trillion tokens, by the tokenizer of the model',
      };
    case 'audio':
    case 'video':
      return {
        toBeFilledIn:
          'less than 10 000, 10 000 to 1 million, or more than 1 million hours, by the length of the recordings',
      };
    default:
      return { toBeFilledIn: 'an estimate, in a unit that suits what it is' };
  }
}

function imageRange(images: number): string {
  if (images < 1e6) return 'Less than 1 million images';
  return images <= 1e9 ? '1 million to 1 billion images' : 'More than 1 billion images';
}
