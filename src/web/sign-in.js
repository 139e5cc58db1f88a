import { forget, known, signedFetch, signIn } from './browser-key.js';

const ANOTHER = '"ringfence browser link" on the machine of the node prints a link that signs in.';
const QUESTION = {
  purpose: 'ai_generative_training',
  policy: 'corroborated',
  requester: 'anyone',
};

const said = document.getElementById('said');
const shown = document.getElementById('shown');
const out = document.getElementById('out');

out.addEventListener('click', () => tell(signOut));
// Whoever opens a link while the page is open stays on the page.
addEventListener('hashchange', () => tell(begin));
await tell(begin);

async function tell(work) {
  try {
    await work();
  } catch (error) {
    said.textContent =
      error.name === 'NotSupportedError'
        ? 'This browser makes no Ed25519 keys; a newer one does.'
        : error.message;
  }
}

async function begin() {
  const link = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  if (link !== '') await signIn(link);
  const identity = await known();
  if (identity === undefined) said.textContent = `Nobody is signed in. ${ANOTHER}`;
  else await show(identity);
}

async function show(identity) {
  const response = await perform(identity, 'status', QUESTION);
  if (response.status === 401) {
    await forget();
    said.textContent = `This browser is signed in no more. ${ANOTHER}`;
    return;
  }
  if (!response.ok) throw new Error(await refusalOf(response));
  const { result } = await response.json();
  said.textContent = `You are the owner of the node of ${result.name}.`;
  const { eligible, hold, ineligible } = result.verdicts;
  showRows({
    archive: result.address,
    node: identity.node,
    'this browser': `${identity.key}, until ${identity.until}`,
    entries: result.entries,
    assets: result.assets,
    'may train generative models': `${eligible} yes, ${hold} not now, ${ineligible} no`,
  });
  out.hidden = false;
}

async function signOut() {
  const identity = await known();
  if (identity !== undefined) {
    const response = await perform(identity, 'browser.remove', { key: identity.key });
    // Who is signed in no more has nothing left to give up.
    if (!response.ok && response.status !== 401) {
      throw new Error(`This browser is still signed in: ${await refusalOf(response)}`);
    }
    await forget();
  }
  out.hidden = true;
  showRows({});
  said.textContent = `You are signed out. ${ANOTHER}`;
}

/** Returns what the node says, or the status where somebody before it has answered. */
async function refusalOf(response) {
  try {
    const { detail, title } = await response.json();
    return detail ?? title;
  } catch {
    return `the answer was ${response.status}`;
  }
}

function perform(identity, name, input) {
  return signedFetch(identity, `/api/v1/operations/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
}

function showRows(rows) {
  shown.replaceChildren(
    ...Object.entries(rows).map(([name, text]) => {
      const row = document.createElement('tr');
      for (const [tag, words] of [
        ['th', name],
        ['td', text],
      ]) {
        const cell = document.createElement(tag);
        cell.textContent = words;
        row.append(cell);
      }
      return row;
    }),
  );
}
