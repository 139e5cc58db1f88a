import type { RecordData } from '../../core/statements/record.ts';

/** A person by everything they are called in records. */
export interface Person {
  /** In the form of {@link plainName}. */
  readonly names: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/**
 * Returns a name in the form in which names are compared. Letter case, spacing, forms of the same letter (of full
 * width, ligatures, composed or not), kinds of apostrophes and dashes, and what cannot be seen do not matter.
 */
export function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02bc`\u00b4]/g, "'")
    .replace(/\p{Pd}/gu, '-')
    .trim()
    .replace(/\s+/gu, ' ');
}

/**
 * Says whether a record names the person anywhere: as a maker, as a signer, or in any of its words. A name
 * inside a longer word is none, but where a script puts no spaces between words; who is named as a maker is named whole.
 */
export function namesPerson(record: RecordData, person: Person): boolean {
  if (record.type === 'envelope') return person.keys.has(record.signer);
  const isNamed = namesOf(record).some((name) => mentions(name, person, false));
  return isNamed || textsOf(record).some((text) => textNames(text, person));
}

/** Says whether a text names the person, by a key or a name. */
export function textNames(text: string, person: Person): boolean {
  return mentions(text, person, true);
}

function mentions(text: string, { names, keys }: Person, isProse: boolean): boolean {
  if ([...keys].some((key) => text.includes(key))) return true;
  const plain = plainName(text);
  return [...names].flatMap(waysToSay).some((name) => occurs(name, plain, isProse));
}

/** Catalogues put the last word of a name first, behind a comma after it. */
function waysToSay(name: string): readonly string[] {
  const [last = '', first, ...more] = name.split(', ');
  if (first !== undefined) return more.length === 0 ? [name, `${first} ${last}`] : [name];
  const at = name.lastIndexOf(' ');
  return at === -1 ? [name] : [name, `${name.slice(at + 1)}, ${name.slice(0, at)}`];
}

const WORD_PART = /[\p{L}\p{N}\p{M}]/u;
/** Scripts whose words follow one another without spaces. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function occurs(name: string, text: string, isProse: boolean): boolean {
  const letters = [...name];
  // One letter of such a script is a word of its own too often.
  const isLoose = isProse && letters.length > 1;
  const goesOn = (inside: string | undefined, outside: string | undefined) =>
    WORD_PART.test(outside ?? '') && !(isLoose && UNSPACED.test(inside ?? ''));
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    // A letter takes two places at most.
    const before = [...text.slice(Math.max(0, at - 2), at)].at(-1);
    const [after] = text.slice(at + name.length, at + name.length + 2);
    if (!goesOn(letters[0], before) && !goesOn(letters.at(-1), after)) return true;
  }
  return false;
}

function namesOf(record: RecordData): readonly string[] {
  if (record.type === 'name') return [record.name];
  return record.type === 'deposit' ? record.makers.map(({ name }) => name) : [];
}

function textsOf(record: RecordData): readonly string[] {
  switch (record.type) {
    case 'deposit': {
      const { tags, title, filename, notes, source, catalogue } = record;
      return [title, filename, notes, source, catalogue, ...tags];
    }
    case 'finding':
      return record.raw.map(({ text }) => text);
    case 'note':
      return [record.text];
    case 'name':
    case 'envelope':
      return [];
  }
}
