/** What has to be printed about a licence. */
export interface LicenceTerms {
  /** Where its text is; empty where that cannot be told from its name. */
  readonly url: string;
  /** Whether makers must be named. Only what is known to ask for nothing is free of it. */
  readonly attribution: boolean;
  /** Its name on the Hugging Face hub; `other` where it has none. */
  readonly hubId: string;
}

const CC = /^CC-(BY(?:-SA|-ND|-NC|-NC-SA|-NC-ND)?)-(1\.0|2\.0|2\.5|3\.0|4\.0)$/;

const ASKS_NOTHING = new Map([
  ['CC0-1.0', 'https://creativecommons.org/publicdomain/zero/1.0/'],
  ['CC-PDDC', 'https://creativecommons.org/licenses/publicdomain/'],
  [
    'https://creativecommons.org/publicdomain/mark/1.0/',
    'https://creativecommons.org/publicdomain/mark/1.0/',
  ],
  ['0BSD', 'https://spdx.org/licenses/0BSD.html'],
  ['MIT-0', 'https://spdx.org/licenses/MIT-0.html'],
  ['Unlicense', 'https://spdx.org/licenses/Unlicense.html'],
]);

/** Of the hub's list (hub-docs, "Licenses"); SPDX ids in lower case. */
const ON_HUB = new Set([
  'cc0-1.0',
  'cc-by-2.0',
  'cc-by-2.5',
  'cc-by-3.0',
  'cc-by-4.0',
  'cc-by-sa-3.0',
  'cc-by-sa-4.0',
  'cc-by-nc-2.0',
  'cc-by-nc-3.0',
  'cc-by-nc-4.0',
  'cc-by-nd-4.0',
  'cc-by-nc-nd-3.0',
  'cc-by-nc-nd-4.0',
  'cc-by-nc-sa-2.0',
  'cc-by-nc-sa-3.0',
  'cc-by-nc-sa-4.0',
  'unlicense',
  'mit',
  'apache-2.0',
]);

/** Returns what has to be printed about a licence, given as SPDX expression, rights URI or LicenseRef. */
export function licenceTerms(licence: string): LicenceTerms {
  const id = licence.toLowerCase();
  const hubId = ON_HUB.has(id) ? id : 'other';
  const free = ASKS_NOTHING.get(licence);
  return free === undefined
    ? { url: urlOf(licence), attribution: true, hubId }
    : { url: free, attribution: false, hubId };
}

/**
 * Returns the SPDX expression that asks for what all of these licences ask for. What is no SPDX licence
 * becomes a LicenseRef; an asset without a licence is there by its maker's consent.
 */
export function licenceExpression(licences: readonly string[]): string {
  return licences.map(expressionOf).sort().join(' AND ');
}

function expressionOf(licence: string): string {
  if (licence === '') return 'LicenseRef-consent';
  if (/^https?:/.test(licence)) {
    const name = licence.replace(/^https?:\/\//, '').replaceAll(/[^A-Za-z0-9.]+/g, '-');
    return `LicenseRef-${name.replace(/-$/, '')}`;
  }
  return / OR /.test(licence) ? `(${licence})` : licence;
}

function urlOf(licence: string): string {
  const [, kind, version] = CC.exec(licence) ?? [];
  if (kind !== undefined && version !== undefined) {
    return `https://creativecommons.org/licenses/${kind.toLowerCase()}/${version}/`;
  }
  if (/^https?:\/\//.test(licence)) return licence;
  // An expression, or a name that only its own collection explains.
  if (/[ ()]/.test(licence) || /^(LicenseRef|DocumentRef)-/.test(licence)) return '';
  return `https://spdx.org/licenses/${licence}.html`;
}
