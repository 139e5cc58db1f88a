import type { RecordData } from '../../core/statements/record.ts';

/** A person by everything they are called in records. */
export interface Person {
  /** In the form of {@link plainName}. */
  readonly names: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** Returns a name in the form in which names are compared: letter case and spacing do not matter. */
export function plainName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

/**
 * Says whether a record names the person anywhere: as a maker, as a signer, or in any of its words. A name
 * inside a longer word is none.
 */
export function namesPerson(record: RecordData, person: Person): boolean {
  if (record.type === 'envelope') return person.keys.has(record.signer);
  return textsOf(record).some((text) => textNames(text, person));
}

/** Says whether a text names the person, by a key or a name. */
export function textNames(text: string, { names, keys }: Person): boolean {
  if ([...keys].some((key) => text.includes(key))) return true;
  const plain = plainName(text);
  return [...names].some((name) => occurs(name, plain));
}

const WORD_PART = /[\p{L}\p{N}\p{M}]/u;

function occurs(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const before = text.slice(0, at).at(-1) ?? '';
    const after = text.slice(at + name.length, at + name.length + 1);
    if (!WORD_PART.test(before) && !WORD_PART.test(after)) return true;
  }
  return false;
}

function textsOf(record: RecordData): readonly string[] {
  switch (record.type) {
    case 'deposit': {
      const { makers, tags, title, filename, notes, source, catalogue } = record;
      return [
        title,
        filename,
        notes,
        source,
        catalogue,
        ...tags,
        ...makers.map(({ name }) => name),
      ];
    }
    case 'name':
      return [record.name];
    case 'finding':
      return record.raw.map(({ text }) => text);
    case 'note':
      return [record.text];
    case 'envelope':
      return [];
  }
}
