import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };

/** The Public Domain Mark: a statement about status, which SPDX lists as a licence. */
export const PUBLIC_DOMAIN_MARK = 'https://creativecommons.org/publicdomain/mark/1.0/';

/** The twelve statements of RightsStatements.org 1.0; their URIs are http, never https. */
export const RIGHTS_STATEMENTS: readonly string[] = [
  'InC',
  'InC-OW-EU',
  'InC-EDU',
  'InC-NC',
  'InC-RUU',
  'NoC-CR',
  'NoC-NC',
  'NoC-OKLR',
  'NoC-US',
  'CNE',
  'UND',
  'NKC',
];

const SPDX_BY_LOWER = new Map(spdxIds.map((id) => [id.toLowerCase(), id]));
const STATEMENT_BY_LOWER = new Map(RIGHTS_STATEMENTS.map((code) => [code.toLowerCase(), code]));

const CC_LICENCE =
  /^creativecommons\.org\/licenses\/([a-z]{2}(?:-[a-z]{2}){0,2})\/(1\.0|2\.0|2\.1|2\.5|3\.0|4\.0)(?:\/([a-z]{2,4}))?$/;
const CC_ELEMENTS = /^(by|by-sa|by-nd|by-nc|by-nc-sa|by-nc-nd|by-nd-nc|sa|nd|nc|nd-nc|nc-sa)$/;
const STATEMENT = /^rightsstatements\.org\/(?:[a-z]{2}\/)?(?:vocab|page|data)\/([a-z-]+)\/1\.0$/;
const SPDX_PAGE = /^spdx\.org\/licenses\/([a-z0-9.+-]+?)(?:\.html|\.json)?$/;

/** Returns the canonical URI of a RightsStatements.org statement by its code. */
export function statementUri(code: string): string {
  return `http://rightsstatements.org/vocab/${code}/1.0/`;
}

/**
 * Returns the canonical form of a licence or rights URI: an SPDX identifier where there is one, else
 * the one URI. Reads http and https, `www.`, queries, a missing trailing slash, and the pages of a
 * licence (`deed.de`, `legalcode`). Undefined for any other address.
 */
export function canonicalRightsUri(uri: string): string | undefined {
  const place = uri
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?/, '')
    .replace(/[?#].*$/s, '')
    .replace(/\/(deed|legalcode)(\.[a-z]{2,3}([-_][a-z]{2,8})?)?(\.txt)?$/, '')
    .replace(/\/+$/, '');
  switch (place) {
    case 'creativecommons.org/publicdomain/mark/1.0':
      return PUBLIC_DOMAIN_MARK;
    case 'creativecommons.org/publicdomain/zero/1.0':
      return 'CC0-1.0';
    case 'creativecommons.org/licenses/publicdomain':
      return 'CC-PDDC';
    default:
      return creativeCommons(place) ?? rightsStatement(place) ?? spdxPage(place);
  }
}

function creativeCommons(place: string): string | undefined {
  const [, elements = '', version = '', port] = CC_LICENCE.exec(place) ?? [];
  if (!CC_ELEMENTS.test(elements)) return undefined;
  const order = elements.replace('by-nd-nc', 'by-nc-nd');
  const suffix = port === undefined ? '' : `-${port}`;
  const id = SPDX_BY_LOWER.get(`cc-${order}-${version}${suffix}`);
  return id ?? `https://${place}/`;
}

function rightsStatement(place: string): string | undefined {
  const code = STATEMENT_BY_LOWER.get(STATEMENT.exec(place)?.[1] ?? '');
  return code === undefined ? undefined : statementUri(code);
}

function spdxPage(place: string): string | undefined {
  return SPDX_BY_LOWER.get(SPDX_PAGE.exec(place)?.[1] ?? '');
}
