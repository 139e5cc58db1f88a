import type { RecordedObjection, ShownObjection } from '../../archive/inquiries/object.ts';
import type { Cid } from '../../core/cid.ts';
import { OBJECTION_REASONS } from '../../core/ports/objections.ts';
import { INQUIRY_PATH } from '../../core/sharing/inquiry-path.ts';
import { escaped, page } from '../html.ts';

const STATES = {
  pending: 'Nobody has answered yet.',
  held: 'Nobody has answered in time. The work is held, and used for nothing new, until somebody does.',
  upheld:
    'Your objection was upheld: the work is in dispute, and used for nothing new until that is settled.',
  dismissed: 'Your objection was not followed.',
} as const;

/** Returns the page on which somebody objects to an asset. */
export function objectionPage(asset: Cid): string {
  const reasons = Object.entries(OBJECTION_REASONS).map(
    ([code, words]) => `<option value="${code}">${words}</option>`,
  );
  const content = `<main><h1>Object</h1>
<p>To <a href="/ipfs/${asset}"><code>${asset}</code></a>. A steward of this archive reads what you write and answers. Until
then nothing is said about it in public. If nobody answers in time, the work is held. Some time after the answer, what you wrote is deleted.</p>
<form method="post" action="${INQUIRY_PATH}/object">
<input type="hidden" name="asset" value="${asset}">
<label for="reason">Why do you object?</label>
<select id="reason" name="reason" required>${reasons.join('')}</select>
<label for="text">What should the steward know? How can they see that it is so?</label>
<textarea id="text" name="text" required maxlength="4000"></textarea>
<div><button>Object</button></div>
</form>
<p>If you have signed a declaration or consent for this work with a key, sign a dispute with it (<code>ringfence claim</code>):
it holds the work at once.</p></main>`;
  return page('Object', content);
}

/** Returns the page that shows a receipt, once. */
export function receiptPage({ receipt, deadline }: RecordedObjection): string {
  const content = `<main><h1>Your objection was received</h1>
<p role="status">Keep this receipt; it is not shown again: <strong><code>${receipt}</code></strong></p>
<p>It will be answered by <time datetime="${deadline}">${deadline.slice(0, 10)}</time>; if it is not, the work is held.
<a href="${INQUIRY_PATH}/answer">Look for the answer</a> with your receipt.</p></main>`;
  return page('Your objection was received', content);
}

/** Returns the page that asks for a receipt. */
export function receiptForm(): string {
  const content = `<main><h1>Your objection</h1>
<form method="post" action="${INQUIRY_PATH}/answer">
<label for="receipt">Your receipt</label>
<input id="receipt" name="receipt" required autocomplete="off" size="30" maxlength="60">
<div><button>Show the answer</button></div>
</form></main>`;
  return page('Your objection', content);
}

/** Returns the page that says what became of an objection. */
export function objectionAnswerPage({
  asset,
  state,
  at,
  deadline,
  answer,
}: ShownObjection): string {
  const words =
    answer === null || answer.text === '' ? '' : `<blockquote>${escaped(answer.text)}</blockquote>`;
  const content = `<main><h1>Your objection</h1>
<p role="status">${STATES[state]}</p>${words}
<p>You objected to <code>${asset}</code> on ${at.slice(0, 10)}, to be answered by ${deadline.slice(0, 10)}.</p></main>`;
  return page('Your objection', content);
}
