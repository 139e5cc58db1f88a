import { describe, expect, it } from 'vitest';
import { namesPerson, plainName, textNames } from '../../../src/archive/erasing/person.ts';

const called = (name: string) => ({ names: new Set([plainName(name)]), keys: new Set<string>() });

describe('a person to be erased', () => {
  it.each([
    [
      'letters that are composed otherwise',
      'José Núñez',
      'von JOSE\u0301 NU\u0301N\u0303EZ gemalt',
    ],
    ['capitals of two letters', 'Karl Groß', 'KARL GROSS, 1911'],
    ['a sigma at the end', 'Οδυσσέας Ελύτης', 'ΟΔΥΣΣΈΑΣ ΕΛΎΤΗΣ'],
    ['full width', 'Mori Ogai', 'Ｍｏｒｉ　Ｏｇａｉ'],
    ['a ligature', 'Steffi Graf', 'Steﬃ Graf'],
    ['invisible letters', 'Ada Vesperby', 'Ada\u00a0Ves\u00adper\u200bby'],
    ['another apostrophe and dash', "Jean-Luc d'Arc", 'Jean‑Luc d’Arc'],
    ['the last word first', 'Xanthippe Quillfeather', 'Quillfeather, Xanthippe (1901–1980)'],
    ['a name that was given so', 'Quillfeather, Xanthippe', 'by Xanthippe Quillfeather'],
    ['a text without spaces', '村上春樹', 'この本は村上春樹が書いた'],
    ['a text of two scripts', '村上春樹', 'by 村上春樹.'],
    ['Cyrillic', 'Фёдор Достоевский', 'роман (ФЁДОР  ДОСТОЕВСКИЙ)'],
    ['Thai', 'สมชาย', 'ภาพโดยสมชายที่นี่'],
    ['Arabic', 'نجيب محفوظ', 'رواية نجيب محفوظ'],
  ])('is found by %s', (_, name, text) => {
    expect(textNames(text, called(name))).toBe(true);
  });

  it.each([
    ['a longer word', 'Ada Ves', 'Ada Vesperby'],
    ['a mark that makes another letter', 'Jose', 'Jose\u0301'],
    ['a letter of two places before it', 'ada', '𞤀ada'],
    ['one letter in a text without spaces', '林', '森林'],
    ['another person', 'Xanthippe Quillfeather', 'Xanthippe, and Quillfeather'],
  ])('is not found in %s', (_, name, text) => {
    expect(textNames(text, called(name))).toBe(false);
  });

  it('is no other maker whose longer name begins alike, in a script without spaces', () => {
    const record = (name: string) => ({ type: 'name' as const, name, salt: new Uint8Array(16) });
    expect(namesPerson(record('李白'), called('李白'))).toBe(true);
    expect(namesPerson(record('李白光'), called('李白'))).toBe(false);
  });
});
