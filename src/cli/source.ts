import { resolve } from 'node:path';
import type { Command } from 'commander';
import { parseDid } from '../archive/typed-names.ts';

/** Whom to ask for a release, and as whom. */
export interface SourceOptions {
  readonly from?: readonly string[];
  readonly node?: readonly string[];
  readonly token?: string;
  readonly key?: string;
  readonly signIn?: boolean;
}

/** Adds the options by which nodes are asked for a release. */
export function withSource(command: Command): Command {
  return command
    .option('--from <place...>', 'URLs of nodes that serve it, or signed URLs of the release')
    .option('--node <key...>', 'keys that nodes must have (default: those that are seen first)')
    .option('--token <token>', 'signs in at the nodes, as "token --for" prints it')
    .option('--key <file>', 'key that signs a pull, made if missing (default: one of your own)')
    .option('--sign-in', 'sign in by that key, as a member’s, at the one --node');
}

export function sourceOf({ from, node = [], token, key, signIn }: SourceOptions) {
  return {
    ...{ from, token, nodes: node.map(parseDid), isSignedIn: signIn === true },
    key: key === undefined ? undefined : resolve(key),
  };
}
