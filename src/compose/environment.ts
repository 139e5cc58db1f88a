import { resolve } from 'node:path';

/** Every environment variable the program reads. */
export interface Environment {
  /** `RINGFENCE_HOME`: the home folder where `--home` does not say it. */
  readonly home: string | undefined;
}

export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const home = env['RINGFENCE_HOME'];
  return { home: home === undefined || home === '' ? undefined : home };
}

/** Returns the absolute home folder: what was typed, else `RINGFENCE_HOME`, else `./.ringfence`. */
export function homeFolder(typed: string | undefined, environment: Environment): string {
  return resolve(typed ?? environment.home ?? '.ringfence');
}
