import { resolve } from 'node:path';

/** Every environment variable the program reads. */
export interface Environment {
  /** `RINGFENCE_HOME`: the home folder where `--home` does not say it. */
  readonly home: string | undefined;
  /** `RINGFENCE_PASSPHRASE`: seals and opens backups where `--passphrase-file` does not say it. */
  readonly passphrase: string | undefined;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const textOf = (name: string) => (env[name] === '' ? undefined : env[name]);
  return { home: textOf('RINGFENCE_HOME'), passphrase: textOf('RINGFENCE_PASSPHRASE') };
}

/** Returns the absolute home folder: what was typed, else `RINGFENCE_HOME`, else `./.ringfence`. */
export function homeFolder(typed: string | undefined, environment: Environment): string {
  return resolve(typed ?? environment.home ?? '.ringfence');
}
