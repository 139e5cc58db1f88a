import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** Imported before a program: writes its peak resident memory, in KiB, to PEAK_FILE when it ends. */
const file = process.env['PEAK_FILE'];
if (isMainThread && file !== undefined) {
  process.on('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS)));
}
