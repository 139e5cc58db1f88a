/**
 * Dates as museums write them, turned into EDTF. Each form is read in its widest usual meaning: what is
 * not said is not narrowed ("late 19th century" gives the whole century). Forms that have two usual
 * meanings with different years give nothing (`1/2/1890`).
 */
interface Form {
  readonly pattern: RegExp;
  /** Gets the groups of the match; an empty answer means that the form does not apply after all. */
  readonly toEdtf: (...groups: readonly string[]) => string;
}

const CIRCA = '(?:c|ca|circa|about|approximately|um|etwa|vers)\\.? ?';
const ORDINAL = '(\\d{1,2})(?:st|nd|rd|th|\\.)';
const CENTURY = '(?:century|cent\\.?|c\\.?|jahrhundert|jh\\.?)';
const PART = '(?:early|mid|middle|late|beginning of the|end of the)[ -]';
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const MONTH = `(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|')}|sept\\.?)`;
const SEASONS: Readonly<Record<string, string>> = {
  spring: '21',
  summer: '22',
  autumn: '23',
  fall: '23',
  winter: '24',
};
const QUARTERS: Readonly<Record<string, number>> = {
  'first quarter': 0,
  'second quarter': 25,
  'third quarter': 50,
  'fourth quarter': 75,
  'last quarter': 75,
  'first half': 0,
  'second half': 50,
};

const FORMS: readonly Form[] = [
  form(`${CIRCA}(\\d{3,4})`, (year) => `${pad(year)}~`),
  form(`(\\d{4}) ?[-/] ?(\\d{2})`, (from, to) => span(from, century(from) + to)),
  form(`${CIRCA}(\\d{4}) ?[-/] ?(\\d{2})`, (from, to) => span(from, century(from) + to, '~')),
  form(`(\\d{3,4}) ?(?:-|to) ?(\\d{4})`, (from, to) => span(from, to)),
  form(`from (\\d{4}) (?:-|to|until) (\\d{4})`, (from, to) => span(from, to)),
  form(`${CIRCA}(\\d{3,4}) ?(?:-|to) ?(?:${CIRCA})?(\\d{4})`, (from, to) => span(from, to, '~')),
  form(`between (\\d{4}) and (\\d{4})`, (from, to) => `[${from}..${to}]`),
  form(`(?:${PART})?(\\d{2})00'?s`, (hundreds) => `${hundreds}XX`),
  form(`(?:${PART})?(\\d{3})0'?s`, (tens) => `${tens}X`),
  form(`${CIRCA}(\\d{3})0'?s`, (tens) => `${tens}0~/${tens}9~`),
  form(`(\\d{3})0'?s ?(?:-|to) ?(\\d{3})0'?s`, (from, to) => span(`${from}0`, `${to}9`)),
  form(`(?:${PART})?${ORDINAL} ?${CENTURY}`, (n) => `${String(Number(n) - 1).padStart(2, '0')}XX`),
  form(`(?:${PART})?${ORDINAL} ?${CENTURY} b\\.?c\\.?(?:e\\.?)?`, (n) => centuryBefore(n)),
  form(`${ORDINAL} ?(?:-|to) ?${ORDINAL} ?(?:centuries|${CENTURY})`, (from, to) =>
    span(centuryYears(from, 0, 100)[0], centuryYears(to, 0, 100)[1]),
  ),
  form(`(${Object.keys(QUARTERS).join('|')})(?: of)?(?: the)? ${ORDINAL} ?${CENTURY}`, (part, n) =>
    span(...centuryYears(n, QUARTERS[part] ?? 0, part.endsWith('half') ? 50 : 25)),
  ),
  form('(\\d{1,4}) ?b\\.?c\\.?(?:e\\.?)?', (year) => before(year)),
  form(`${CIRCA}(\\d{1,4}) ?b\\.?c\\.?(?:e\\.?)?`, (year) => `${before(year)}~`),
  form('(?:before|by|until|not after|no later than) (\\d{4})', (year) => `[..${year}]`),
  form('(?:after|since|not before|no earlier than) (\\d{4})', (year) => `[${year}..]`),
  form('(?:probably|possibly|perhaps) (\\d{4})', (year) => `${year}?`),
  form('(\\d{4}) ?\\(\\?\\)', (year) => `${year}?`),
  form(`${MONTH} (\\d{4})`, (month, year) => `${year}-${monthNumber(month)}`),
  form(
    `(\\d{1,2})\\.? ${MONTH},? (\\d{4})`,
    (day, month, year) => `${year}-${monthNumber(month)}-${day.padStart(2, '0')}`,
  ),
  form(
    `${MONTH} (\\d{1,2}),? (\\d{4})`,
    (month, day, year) => `${year}-${monthNumber(month)}-${day.padStart(2, '0')}`,
  ),
  form(
    `(${Object.keys(SEASONS).join('|')}),? (\\d{4})`,
    (season, year) => `${year}-${SEASONS[season] ?? ''}`,
  ),
];

/** Returns EDTF for a date in one of the forms above, undefined for any other text. */
export function museumDateToEdtf(text: string): string | undefined {
  const plain = text
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
  for (const { pattern, toEdtf } of FORMS) {
    const match = pattern.exec(plain);
    const edtf = match === null ? '' : toEdtf(...match.slice(1));
    if (edtf !== '') return edtf;
  }
  return undefined;
}

function form(pattern: string, toEdtf: Form['toEdtf']): Form {
  return { pattern: new RegExp(`^${pattern}$`), toEdtf };
}

function pad(year: string): string {
  return year.padStart(4, '0');
}

function century(year: string): string {
  return year.slice(0, 2);
}

/** `mark` qualifies both ends. A span that runs backwards is no date. */
function span(from: string, to: string, mark = ''): string {
  return Number(from) < Number(to) ? `${pad(from)}${mark}/${pad(to)}${mark}` : '';
}

/** Years of the nth century as EDTF counts them (19th: 1800 to 1899), or of a part of it. */
function centuryYears(nth: string, from: number, years: number): [string, string] {
  const start = (Number(nth) - 1) * 100 + from;
  return [String(start), String(start + years - 1)];
}

/** EDTF counts a year 0, so the 5th century BC (500 to 401 BC) is -0499 to -0400. */
function centuryBefore(nth: string): string {
  const last = (Number(nth) - 1) * 100;
  return `${before(String(last + 100))}/${before(String(last + 1))}`;
}

function before(year: string): string {
  const counted = Number(year) - 1;
  return counted > 0 ? `-${pad(String(counted))}` : '0000';
}

function monthNumber(name: string): string {
  const index = MONTHS.findIndex((month) => month.startsWith(name.slice(0, 3)));
  return String(index + 1).padStart(2, '0');
}
