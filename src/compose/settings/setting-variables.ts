import { ArchiveError } from '../../core/errors.ts';
import { PROGRAM_VARIABLES, type Variables } from './environment.ts';
import { type Setting, settingsTable, variableOf } from './settings-table.ts';

/** A name that differs in so many letters is taken for a slip. */
const SLIP = 2;

/**
 * Returns what the environment says of settings. An empty variable says nothing. A list is written with
 * commas, or as JSON; what cannot be read as its form is handed on as text, for the schema to refuse.
 *
 * @throws {ArchiveError} `usage_invalid` for a variable that looks like a setting's and is none.
 */
export function readVariables(variables: Variables): ReadonlyMap<Setting, unknown> {
  refuseUnknown(variables);
  const said = settingsTable().flatMap((setting) => {
    const text = variables[setting.variable];
    return text === undefined || text === '' ? [] : [[setting, valueIn(text, setting)] as const];
  });
  return new Map(said);
}

function valueIn(text: string, { form }: Setting): unknown {
  if (form === 'text') return text;
  if (form === 'list' && !text.startsWith('[')) return text.split(',').map((one) => one.trim());
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Other programs have variables of this prefix too: Kubernetes makes some for a service of that name. So
 * only what begins like a section of settings, or is one letter or two from a name, is refused.
 */
function refuseUnknown(variables: Variables): void {
  const table = settingsTable();
  const names = [...PROGRAM_VARIABLES, ...table.map(({ variable }) => variable)];
  const sections = table.flatMap(({ path: [first = '', ...rest] }) =>
    rest.length === 0 ? [] : [`${variableOf([first])}_`],
  );
  for (const name of Object.keys(variables)) {
    if (!name.startsWith('RINGFENCE_') || names.includes(name)) continue;
    const near = names.find((one) => isSlip(one, name));
    if (near === undefined && !sections.some((section) => name.startsWith(section))) continue;
    throw new ArchiveError(
      'usage_invalid',
      `${name} is no setting${near === undefined ? '' : `; ${near} is`}; ` +
        'correct or remove the variable, "ringfence config --help" lists them all',
    );
  }
}

/** Says whether one text becomes the other by changing, adding or removing few letters (Levenshtein 1965). */
function isSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > SLIP) return false;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (const [to, other] of [...b].entries()) {
      const changed = (row[to] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return (row[b.length] ?? 0) <= SLIP;
}
