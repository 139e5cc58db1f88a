import type { InquiryAnswer, ToldAsset } from '../../archive/inquiries/work-inquiries.ts';
import { INQUIRY_PATH } from '../../core/sharing/inquiry-path.ts';
import { escaped, page } from '../html.ts';

/** The name of the field that the file comes in. */
const FIELD = 'work';

const TITLE = 'Is my work here?';

/** What a picture that is shown may weigh: as many as are found are loaded together. */
const MOST_SHOWN_BYTES = 4 * 1_048_576;
const SHOWN: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'],
]);

const LIKENESS = {
  exact: 'The same file',
  same: 'The same work, saved again',
  related: 'Likely one made from the other',
} as const;

const COMPARED = {
  picture: 'by its bytes and by what it shows',
  text: 'by its bytes and by what it says',
  audio: 'by its bytes and by what it sounds like',
} as const;

/** Returns the page that asks for a file. */
export function questionPage(maxBytes: number): string {
  return page(
    TITLE,
    `<main><h1>${TITLE}</h1>${form(maxBytes)}
<p><a href="${INQUIRY_PATH}/answer">I have objected, and have a receipt</a></p></main>`,
  );
}

/** Returns the page that says what was found. */
export function answerPage(answer: InquiryAnswer, maxBytes: number): string {
  const { found, compared, cid } = answer;
  const how = compared === null ? 'by its bytes alone' : COMPARED[compared];
  const what = found.length === 0 ? 'Nothing that is public here is this work.' : 'This was found:';
  return page(
    `${TITLE} ${found.length} found`,
    `<main><h1>${TITLE}</h1>
<div role="status"><p><strong>${what}</strong> Your file was compared ${how}, and is deleted.</p></div>
<ol>${found.map(foundItem).join('')}</ol>
<p>The CID of your file: <code>${cid}</code></p>
<h2>Ask about another</h2>${form(maxBytes)}</main>`,
  );
}

/** Returns the page that says what went wrong. */
export function refusalPage(text: string): string {
  const content = `<main><h1>${TITLE}</h1><p role="alert">${escaped(text)}</p>
<p><a href="${INQUIRY_PATH}">Ask again</a></p></main>`;
  return page(`${TITLE} Not answered`, content);
}

function form(maxBytes: number): string {
  const most =
    maxBytes >= 1_048_576 ? `${Math.floor(maxBytes / 1_048_576)} MiB` : `${maxBytes} bytes`;
  return `<form method="post" enctype="multipart/form-data" action="${INQUIRY_PATH}">
<p>Choose a picture, text or sound, of ${most} at most. It is compared with what this archive shows to everybody, and not kept.</p>
<label for="${FIELD}">Your file</label>
<input type="file" id="${FIELD}" name="${FIELD}" required>
<div><button>Ask</button></div>
</form>`;
}

function foundItem({ cid, likeness, distances, title, mediaType, size }: ToldAsset): string {
  const bits = Object.entries(distances).map(([code, distance]) => `${code} ${distance}`);
  const told = bits.length === 0 ? '' : ` (bits of 256 that differ: ${bits.join(', ')})`;
  const name = escaped(title === '' ? cid : title);
  const isShown = SHOWN.has(mediaType) && size <= MOST_SHOWN_BYTES;
  return `<li><p>${LIKENESS[likeness]}${told}: <a href="/ipfs/${cid}">${name}</a></p>
${isShown ? `<img src="/ipfs/${cid}" alt="${name}" loading="lazy">` : ''}
<p><a href="${INQUIRY_PATH}/object?asset=${cid}">Object to this</a></p></li>`;
}
