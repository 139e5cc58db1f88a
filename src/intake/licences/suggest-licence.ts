import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { PUBLIC_DOMAIN_MARK, RIGHTS_STATEMENTS, statementUri } from './rights-uri.ts';

/** Words that catalogues use for rights, without spaces and punctuation, and what they may mean. */
const IN_WORDS: readonly (readonly [string, string])[] = [
  ['publicdomain', PUBLIC_DOMAIN_MARK],
  ['publicdomainmark', PUBLIC_DOMAIN_MARK],
  ['cc0', 'CC0-1.0'],
  ['cczero', 'CC0-1.0'],
  ['ccby', 'CC-BY-4.0'],
  ['ccbysa', 'CC-BY-SA-4.0'],
  ['ccbync', 'CC-BY-NC-4.0'],
  ['ccbynd', 'CC-BY-ND-4.0'],
  ['ccbyncsa', 'CC-BY-NC-SA-4.0'],
  ['ccbyncnd', 'CC-BY-NC-ND-4.0'],
  ['creativecommonsattribution', 'CC-BY-4.0'],
  ['creativecommonsattributionsharealike', 'CC-BY-SA-4.0'],
  ['allrightsreserved', statementUri('InC')],
  ['incopyright', statementUri('InC')],
  ['copyrighted', statementUri('InC')],
  ['copyrightnotevaluated', statementUri('CNE')],
  ['copyrightundetermined', statementUri('UND')],
  ['unknown', statementUri('CNE')],
  ['noknowncopyright', statementUri('NKC')],
  ['noknowncopyrightrestrictions', statementUri('NKC')],
];

const CANDIDATES: readonly (readonly [string, string])[] = [
  ...IN_WORDS,
  ...spdxIds.map((id) => [compact(id), id] as const),
  ...RIGHTS_STATEMENTS.map((code) => [compact(code), statementUri(code)] as const),
];

const LONGEST = 48;

/** Returns the end of a sentence that says what to write instead of an unknown licence. */
export function suggestLicence(text: string): string {
  const own = `for a text of your own write LicenseRef-${slug(text)}`;
  const nearest = nearestLicence(compact(text));
  return nearest === undefined
    ? `write an SPDX expression or a rights URI, or ${own}`
    : `did you mean ${nearest}? Otherwise ${own}`;
}

function nearestLicence(text: string): string | undefined {
  if (text === '' || text.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.min(3, Math.floor(text.length / 3)) + 1;
  for (const [form, licence] of CANDIDATES) {
    if (Math.abs(form.length - text.length) >= least) continue;
    const distance = editDistance(text, form);
    if (distance < least) {
      best = licence;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function compact(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .slice(0, 40);
  return words.replace(/^-+|-+$/g, '') || 'NAME';
}
