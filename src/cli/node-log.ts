import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import type { Log, LogLine } from '../core/ports/log.ts';
import { printable } from './printable.ts';

/** So many bytes wait for a reader of the log at most. */
const MOST_WAITING = 1_048_576;
/** What has not been taken by then, when the node ends, is left. */
const LAST_MS = 1000;

/** The log of a running node. Disposal waits a moment until it has been taken. */
export interface NodeLog extends AsyncDisposable {
  readonly log: Log;
}

/**
 * Opens the log of a node on stdout: one JSON object a line, or words for people.
 *
 * Nobody waits for a reader that is slow or gone: up to 1 MiB waits for it, then lines are left out and
 * counted, which the log says as soon as there is room.
 */
export function openNodeLog({ json }: { readonly json: boolean }): NodeLog {
  let isOpen = true;
  // A sink that is ending may be gone before anybody is told, and whoever writes then is thrown out.
  let isEnding = false;
  let leftOut = 0;
  // Where the line is taken up for now, it is tried again, but not for ever.
  const retryEAGAIN = () => isOpen;
  const sink = pino.destination({ dest: 1, sync: false, maxLength: MOST_WAITING, retryEAGAIN });
  // The node goes on without a reader.
  sink.on('error', () => {});
  sink.on('drop', () => {
    leftOut += 1;
  });
  const write = json ? jsonTo(sink) : wordsTo(sink);
  sink.on('drain', () => {
    if (leftOut === 0 || isEnding) return;
    const text = `${leftOut} lines were left out: whoever reads the log is too slow`;
    leftOut = 0;
    write({ level: 'warning', event: 'log', text });
  });
  return {
    log: (line) => {
      if (!isEnding) write(line);
    },
    async [Symbol.asyncDispose]() {
      if (isEnding) return;
      isEnding = true;
      const closed = once(sink, 'close').catch(() => {});
      sink.end();
      const waiting = new AbortController();
      await Promise.race([closed, setTimeout(LAST_MS, undefined, { signal: waiting.signal })]);
      waiting.abort();
      isOpen = false;
      sink.destroy();
    },
  };
}

type Sink = ReturnType<typeof pino.destination>;

function jsonTo(sink: Sink): Log {
  const logger = pino<LogLine['level']>(
    {
      base: null,
      customLevels: { note: 30, warning: 40, error: 50 },
      useOnlyCustomLevels: true,
      level: 'note',
      messageKey: 'text',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    sink,
  );
  return ({ level, event, text, details }) => logger[level]({ event, ...details }, text);
}

function wordsTo(sink: Sink): Log {
  return ({ level, text }) => {
    sink.write(`${new Date().toISOString()} ${level.padEnd(7)} ${printable(text)}\n`);
  };
}
