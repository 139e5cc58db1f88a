import type { ReleaseMember } from '../../core/ports/release.ts';

/** Words that stand for a maker nobody knows, in the languages of catalogues. */
const NOBODY =
  /^(\[?(anon(ym(ous|e|us|os)?)?|an[oó]nimo|anoniem|unknown|unidentified|not (known|recorded|identified)|unbekannt|inconnu|desconocid[oa]|sconosciuto|ignoto|onbekend|ok[aä]nd|ukjent|ukendt|various|diverse|n\/?a|none|-+|\?+)\.?\]?)(\s+(artist|maker|author|creator|photographer|painter|k[uü]nstler|artiste|auteur|artista|autor|kunstenaar|makers?|authors?|artists?))?$/u;

/** Many hands under one name. */
const MANY_HANDS =
  /^((the )?(workshop|studio|school|circle|followers?|pupils?|manner|style|imitator) of|atelier de|[eé]cole de|bottega di|scuola di|taller de|escuela de|werkstatt|schule|umkreis|nachfolger|kring van|school van|atelier van|after) |^(atelier|[eé]cole) d'|\b(workshop|studio|school|werkstatt)\)?$/u;

/**
 * Returns the makers of a member who are somebody: not "unknown", and not a workshop, school or circle,
 * whose works are by many hands. A maker whose name is erased was somebody.
 */
export function namedMakers({ makers }: Pick<ReleaseMember, 'makers'>): ReleaseMember['makers'] {
  return makers.filter(({ name }) => {
    const plain = name.normalize('NFC').trim().replace(/\s+/gu, ' ').toLowerCase();
    return !NOBODY.test(plain) && !MANY_HANDS.test(plain);
  });
}
