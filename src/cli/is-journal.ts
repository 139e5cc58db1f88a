import { fstatSync } from 'node:fs';

/**
 * Says whether what a descriptor takes goes to the journal of systemd, which keeps it: `JOURNAL_STREAM` has
 * device and inode of the stream then, and is inherited by programs whose output goes elsewhere
 * (systemd.exec(5)).
 */
export function isJournal(fd: number, variables: Readonly<Record<string, string | undefined>>) {
  const stream = variables['JOURNAL_STREAM'];
  if (stream === undefined) return false;
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return stream === `${dev}:${ino}`;
}
