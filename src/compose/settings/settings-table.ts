import { z } from 'zod';
import { homeSettings } from './settings.ts';

/** How the text of a variable is read. */
export type SettingForm = 'text' | 'number' | 'true or false' | 'list' | 'JSON';

/** One setting, wherever its value comes from. */
export interface Setting {
  /** `network.listen`. */
  readonly name: string;
  readonly path: readonly string[];
  /** `RINGFENCE_NETWORK__LISTEN`. */
  readonly variable: string;
  readonly means: string;
  readonly form: SettingForm;
  /** Undefined where it has none. */
  readonly byDefault: unknown;
  readonly isSecret: boolean;
}

/** What `z.toJSONSchema` says of a part of the settings. */
interface Described {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
  readonly description?: string;
  readonly default?: unknown;
  readonly isSecret?: boolean;
}

let known: readonly Setting[] | undefined;

/** Returns every setting that a file, a variable or an option can say, in the order of the schema. */
export function settingsTable(): readonly Setting[] {
  known ??= [...settingsIn(z.toJSONSchema(homeSettings, { io: 'input' }) as Described, [])];
  return known;
}

/**
 * Returns the variable of a setting: the names on its path in capitals, words parted by one underscore and
 * levels by two, behind `RINGFENCE_`.
 */
export function variableOf(path: readonly string[]): string {
  const capitals = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return `RINGFENCE_${path.map(capitals).join('__')}`;
}

function* settingsIn(part: Described, path: readonly string[]): Iterable<Setting> {
  if (part.properties !== undefined) {
    for (const [name, child] of Object.entries(part.properties)) {
      // The version says how the file is laid out.
      if (path.length > 0 || name !== 'version') yield* settingsIn(child, [...path, name]);
    }
    return;
  }
  yield {
    name: path.join('.'),
    path,
    variable: variableOf(path),
    means: part.description ?? '',
    form: formOf(part),
    byDefault: part.default,
    isSecret: part.isSecret === true,
  };
}

function formOf({ type, items }: Described): SettingForm {
  if (type === 'array') return items?.type === 'string' ? 'list' : 'JSON';
  if (type === 'boolean') return 'true or false';
  return type === 'integer' || type === 'number' ? 'number' : 'text';
}
