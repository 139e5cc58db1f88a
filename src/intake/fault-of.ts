/** Returns why the operating system refused a file, as the end of a sentence with the way out. */
export function faultOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'is not there; check the name, or offer it again when it is back';
    case 'ENOTDIR':
      return 'lies below something that is no folder; check the path';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read by this user; change its permissions';
    case 'ENAMETOOLONG':
      return 'has a path longer than the system opens; offer a folder further down as a PATH';
    case 'ELOOP':
      return 'is a link that leads back to itself; mend or remove it';
    case 'EISDIR':
      return 'is a folder; name a file';
    case 'EMFILE':
    case 'ENFILE':
      return 'cannot be opened because too many files are open; raise the limit and try again';
    default:
      return `cannot be read (${error instanceof Error ? error.message : String(error)}); check the disk`;
  }
}
