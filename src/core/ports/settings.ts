/** What says the value of a setting; each overrules those before it. */
export type SettingSource = 'default' | 'file' | 'variable' | 'option';

/** One setting of a home, as it holds. Plain JSON. */
export interface EffectiveSetting {
  /** Its place in `ringfence.json`: `network.listen`. */
  readonly name: string;
  /** The environment variable that says it: `RINGFENCE_NETWORK__LISTEN`. */
  readonly variable: string;
  /** Null where nothing says it; of a secret only `********`. */
  readonly value: unknown;
  readonly source: SettingSource;
}

/** Gives the settings of a home as file, variables and options say them now, by their names. */
export interface Settings {
  /** @throws {ArchiveError} `home_corrupt`, `usage_invalid` for what cannot be used any more. */
  read(): Promise<readonly EffectiveSetting[]>;
}
