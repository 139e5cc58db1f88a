import { once } from 'node:events';
import { openNodeLog } from '../../../src/cli/node-log.ts';

/** Writes far more to its log than a pipe holds, says so on stderr, and ends when stdin does. */
const LINES = 50_000;

// As in the program, stdout is a stream of Node as well.
process.stdout.on('error', () => {});
{
  await using node = openNodeLog({ json: true });
  const before = process.memoryUsage().rss;
  for (let at = 0; at < LINES; at += 1) {
    node.log({ level: 'note', event: 'test', text: `${at} ${'x'.repeat(200)}`, details: { at } });
    if (at % 500 === 0) await new Promise(setImmediate);
  }
  process.stderr.write(`${process.memoryUsage().rss - before}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  node.log({ level: 'note', event: 'last', text: 'the end' });
}
