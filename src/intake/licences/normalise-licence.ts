import parseExpression, { type Expression } from 'spdx-expression-parse';
import deprecatedIds from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' };
import { ArchiveError } from '../../core/errors.ts';
import { quote } from '../quote.ts';
import { canonicalRightsUri, PUBLIC_DOMAIN_MARK } from './rights-uri.ts';
import { suggestLicence } from './suggest-licence.ts';

const LONGEST = 256;

/** What an SPDX expression is made of; the parser behind it is laxer about characters in between. */
const EXPRESSION = /^[A-Za-z0-9.+:() -]+$/;

const REGISTERED = new Map([...spdxIds, ...deprecatedIds].map((id) => [id.toLowerCase(), id]));

/**
 * Returns the canonical spelling of a licence (see the port): SPDX 3 licence expressions with
 * identifiers in any letter case, Creative Commons, RightsStatements.org and SPDX addresses.
 * Names in words ("Public domain", "CC BY 4.0") are not guessed at: the error suggests the identifier.
 *
 * @throws {ArchiveError} `licence_unknown`.
 */
export function normaliseLicence(text: string): string {
  const trimmed = text.trim();
  const canonical = /^https?:\/\//i.test(trimmed)
    ? canonicalRightsUri(trimmed)
    : canonicalExpression(trimmed);
  if (canonical !== undefined && canonical.length <= LONGEST) return canonical;
  throw new ArchiveError(
    'licence_unknown',
    `${quote(trimmed)} is not a licence known by identifier; ${suggestLicence(trimmed)}`,
  );
}

function canonicalExpression(text: string): string | undefined {
  if (text.length > LONGEST || !EXPRESSION.test(text)) return undefined;
  const spelled = text.replace(/[^\s()+]+/g, registeredSpelling);
  let expression: Expression;
  try {
    expression = parseExpression(spelled);
  } catch {
    return undefined;
  }
  const canonical = spell(expression);
  if (wordsOf(canonical) !== wordsOf(spelled)) return undefined;
  return canonical === 'CC-PDM-1.0' ? PUBLIC_DOMAIN_MARK : canonical;
}

function registeredSpelling(word: string): string {
  if (/^(and|or|with)$/i.test(word)) return word.toUpperCase();
  return (
    REGISTERED.get(word.toLowerCase()) ??
    word.replace(/licenseref-/i, 'LicenseRef-').replace(/^documentref-/i, 'DocumentRef-')
  );
}

/** Writes an expression with the fewest parentheses; AND binds closer than OR. */
function spell(expression: Expression): string {
  if ('license' in expression) {
    const plus = expression.plus === true ? '+' : '';
    const exception = expression.exception === undefined ? '' : ` WITH ${expression.exception}`;
    return `${expression.license}${plus}${exception}`;
  }
  const operand = (side: Expression): string => {
    const nested = expression.conjunction === 'and' && 'left' in side && side.conjunction === 'or';
    return nested ? `(${spell(side)})` : spell(side);
  };
  return `${operand(expression.left)} ${expression.conjunction.toUpperCase()} ${operand(expression.right)}`;
}

/** The parser skips characters it cannot read; an expression counts only if it read every word. */
function wordsOf(expression: string): string {
  return expression.replace(/[()\s]+/g, ' ').trim();
}
