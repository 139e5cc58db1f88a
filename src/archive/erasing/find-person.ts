import { isDid } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { commitName } from '../../core/statements/record.ts';
import type { StatementOutline } from '../../core/statements/statement.ts';
import type { Archive } from '../archive.ts';
import { type Person, plainName } from './person.ts';

type Parts = Pick<Archive, 'ledger' | 'sha256'>;

/** What claims say of who speaks for whom, by commitments, and which names these are commitments to. */
interface Speaking {
  /** Commitments to makers by the keys that have spoken for them. */
  readonly spokenFor: ReadonlyMap<string, ReadonlySet<string>>;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Returns what a person is called here, by a name or a `did:key`: the key with which a maker signed belongs
 * to the name, and the name to the key, where that key has spoken for nobody else. Reads the whole log.
 *
 * @throws {ArchiveError} `usage_invalid` for an empty name.
 */
export async function findPerson(text: string, parts: Parts): Promise<Person> {
  const plain = plainName(text);
  if (plain === '')
    throw new ArchiveError('usage_invalid', 'say whom to erase: a name or a did:key');
  const { spokenFor, names } = await speakingIn(parts);
  const namesOf = (key: string) =>
    new Set([...(spokenFor.get(key) ?? [])].map((commitment) => names.get(commitment)));
  const key = text.trim();
  if (isDid(key)) {
    const [name, ...others] = namesOf(key);
    const own = name === undefined || others.length > 0 ? [] : [name];
    return { names: new Set(own), keys: new Set([key]) };
  }
  const keys = [...spokenFor.keys()].filter((one) => {
    const [name, ...others] = namesOf(one);
    return name === plain && others.length === 0;
  });
  return { names: new Set([plain]), keys: new Set(keys) };
}

async function speakingIn({ ledger, sha256 }: Parts): Promise<Speaking> {
  const spokenFor = new Map<string, Set<string>>();
  for await (const { says, statement } of ledger.namings()) {
    if (says.type !== 'envelope') continue;
    const commitments = spokenFor.get(says.signer) ?? new Set();
    for (const maker of makersOf(statement)) commitments.add(maker);
    spokenFor.set(says.signer, commitments);
  }
  const wanted = new Set([...spokenFor.values()].flatMap((commitments) => [...commitments]));
  const names = new Map<string, string>();
  if (wanted.size === 0) return { spokenFor, names };
  for await (const { says } of ledger.namings()) {
    if (says.type !== 'deposit') continue;
    for (const { name, salt } of says.makers) {
      const commitment = commitName(name, salt, sha256);
      if (wanted.has(commitment)) names.set(commitment, plainName(name));
    }
  }
  return { spokenFor, names };
}

/** Whom a statement speaks for, by commitments. */
function makersOf({ body }: StatementOutline): readonly string[] {
  const { makers } = body;
  return Array.isArray(makers) ? makers.filter((maker) => typeof maker === 'string') : [];
}
