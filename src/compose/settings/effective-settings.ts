import type { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { EffectiveSetting, SettingSource } from '../../core/ports/settings.ts';
import { systemVariables, type Variables } from './environment.ts';
import { readVariables } from './setting-variables.ts';
import { type HomeSettings, homeSettings } from './settings.ts';
import { type Setting, settingsTable } from './settings-table.ts';

const MASKED = '********';

/** What overrules the file. */
export interface GivenSettings {
  readonly variables?: Variables;
  /** Values by the name of their setting; undefined where the option was not given. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Settings as they hold, and where each comes from. */
export interface SettledSettings {
  readonly values: HomeSettings;
  readonly list: readonly EffectiveSetting[];
}

/** A part of the settings, as a file says it. */
type Part = { [name: string]: unknown };

/**
 * Returns the settings that hold: an option overrules a variable, a variable the file, the file what holds
 * without it. `file` is what the file says and has been checked.
 *
 * @throws {ArchiveError} `usage_invalid`, naming the variable or option.
 */
export function settle(file: unknown, given: GivenSettings): SettledSettings {
  const { variables = systemVariables, options = {} } = given;
  const merged = structuredClone(file) as Part;
  const sources = new Map<Setting, SettingSource>();
  const said = readVariables(variables);
  for (const setting of settingsTable()) {
    if (valueAt(merged, setting) !== undefined) sources.set(setting, 'file');
    const option = options[setting.name];
    const value = option ?? said.get(setting);
    if (value === undefined) continue;
    put(merged, setting.path, value);
    sources.set(setting, option === undefined ? 'variable' : 'option');
  }
  const read = homeSettings.safeParse(merged);
  if (!read.success) throw invalid(read.error, sources);
  const list = settingsTable().map((setting): EffectiveSetting => {
    const { name, variable, isSecret } = setting;
    const value = valueAt(read.data, setting) ?? null;
    const shown = isSecret && value !== null ? MASKED : value;
    return { name, variable, value: shown, source: sources.get(setting) ?? 'default' };
  });
  return { values: read.data, list };
}

function valueAt(settings: unknown, { path }: Setting): unknown {
  // What a schema has read, or has made, is JSON.
  return path.reduce((part, name) => (part as Part | undefined)?.[name], settings);
}

function put(settings: Part, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    settings[name] = value;
    return;
  }
  const section = (settings[name] ?? {}) as Part;
  settings[name] = section;
  put(section, rest, value);
}

/** The file alone was valid, so what is wrong is what overrules it. */
function invalid(
  { issues }: z.ZodError,
  sources: ReadonlyMap<Setting, SettingSource>,
): ArchiveError {
  const [issue] = issues;
  const overruling = [...sources].filter(([, source]) => source !== 'file');
  const [at] = overruling.filter(([{ path }]) => path.every((name, i) => issue?.path[i] === name));
  const wrong = at === undefined ? overruling : [at];
  const names = wrong.map(([{ name, variable }, source]) =>
    source === 'variable' ? variable : `the option for ${name}`,
  );
  return new ArchiveError(
    'usage_invalid',
    `${names.join(', ')} cannot be used: ${issue?.message}; correct or remove it`,
  );
}
