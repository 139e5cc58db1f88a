import { createHash } from 'node:crypto';
import type { Alarm, Screened, Screening } from '../../core/ports/screening.ts';
import { code } from '../../core/statements/fields.ts';
import { askClamd, type ClamdPlace } from './clamd.ts';
import { HashLists } from './hash-lists.ts';

/** What bytes are screened by; nothing where both are missing. */
export interface ScreeningSettings {
  readonly clamd?: ClamdPlace | undefined;
  readonly hashLists: readonly string[];
}

/** Screens by the clamd and the lists that are configured; lists are read when they are first needed. */
export function createScreening({ clamd, hashLists }: ScreeningSettings): Screening {
  let opening: Promise<HashLists> | undefined;
  const lists = () => {
    opening ??= HashLists.open(hashLists);
    return opening;
  };
  return {
    isConfigured: clamd !== undefined || hashLists.length > 0,
    async screen(screened, signal) {
      const listed = hashLists.length === 0 ? [] : await listedAs(screened, await lists());
      if (clamd === undefined) return listed;
      const answer = await askClamd(clamd, screened.bytes(), signal);
      if (answer === undefined) return listed;
      if (answer === 'not-screened') return [...listed, { reason: answer, tool: 'clamav' }];
      return [...listed, { reason: 'malware', tool: toolOf('clamav', answer.found) }];
    },
  };
}

async function listedAs({ sha256, pdq, bytes }: Screened, lists: HashLists): Promise<Alarm[]> {
  const md5 = lists.hasMd5 ? await md5Of(bytes()) : undefined;
  const labels = lists.labelsOf(sha256, md5, pdq);
  return labels.map((label) => ({ reason: 'listed', tool: toolOf('hash-list', label) }));
}

async function md5Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

/** Statements hold codes only: a name that is none is left out. */
function toolOf(tool: string, name: string): string {
  return code.safeParse(`${tool}:${name}`).data ?? tool;
}
