import { resolve } from 'node:path';

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

export const systemVariables: Variables = process.env;

/** Variables that are no settings of a home. */
export const PROGRAM_VARIABLES = ['RINGFENCE_HOME', 'RINGFENCE_PASSPHRASE'] as const;

/** What the environment says of the program; what it says of settings is in `setting-variables.ts`. */
export interface Environment {
  /** `RINGFENCE_HOME`: the home folder where `--home` does not say it. */
  readonly home: string | undefined;
  /** `RINGFENCE_PASSPHRASE`: seals and opens backups where `--passphrase-file` does not say it. */
  readonly passphrase: string | undefined;
}

export function readEnvironment(variables: Variables = systemVariables): Environment {
  const textOf = (name: (typeof PROGRAM_VARIABLES)[number]) => variables[name] || undefined;
  return { home: textOf('RINGFENCE_HOME'), passphrase: textOf('RINGFENCE_PASSPHRASE') };
}

/** Returns the absolute home folder: what was typed, else `RINGFENCE_HOME`, else `./.ringfence`. */
export function homeFolder(typed: string | undefined, environment: Environment): string {
  return resolve(typed ?? environment.home ?? '.ringfence');
}
