import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The environment of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

export const systemVariables: Variables = process.env;

/** Variables that are no settings of a home. */
export const PROGRAM_VARIABLES = [
  'RINGFENCE_HOME',
  'RINGFENCE_PASSPHRASE',
  'RINGFENCE_CONFIG',
] as const;

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

/**
 * Returns the gateway that this machine reads IPFS by: `IPFS_GATEWAY`, else what an IPFS node has noted in
 * `~/.ipfs/gateway` (https://specs.ipfs.tech/ipips/ipip-0280/). Undefined where neither names one.
 */
export async function ipfsGateway(
  variables: Variables = systemVariables,
): Promise<string | undefined> {
  const noted = join(homedir(), '.ipfs', 'gateway');
  const text = variables['IPFS_GATEWAY'] || (await readFile(noted, 'utf8').catch(() => ''));
  return text.trim() || undefined;
}

/** How the machine reaches others over HTTP, as most programs read it; lower case is read first. */
export interface Proxies {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts that are reached directly. */
  readonly noProxy?: string;
}

export function readProxies(variables: Variables = systemVariables): Proxies {
  const textOf = (name: string) => variables[name] || variables[name.toUpperCase()] || undefined;
  const said = {
    httpProxy: textOf('http_proxy'),
    httpsProxy: textOf('https_proxy'),
    noProxy: textOf('no_proxy'),
  };
  // What is not said is left out.
  return JSON.parse(JSON.stringify(said));
}

/**
 * Returns the folder for what a person keeps across programs and homes: `RINGFENCE_CONFIG`, else that of the
 * XDG Base Directory Specification, else `APPDATA` of Windows.
 */
export function configFolder(variables: Variables = systemVariables): string {
  const own = variables['RINGFENCE_CONFIG'];
  if (own) return resolve(own);
  const base = variables['XDG_CONFIG_HOME'] || variables['APPDATA'];
  return join(base || join(homedir(), '.config'), 'ringfence');
}

/** Returns the absolute home folder: what was typed, else `RINGFENCE_HOME`, else `./.ringfence`. */
export function homeFolder(typed: string | undefined, environment: Environment): string {
  return resolve(typed ?? environment.home ?? '.ringfence');
}
