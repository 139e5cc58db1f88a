import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ArchiveError, ERROR_CODES } from '../../src/core/errors.ts';
import { STATUS_OF_CODE, toProblem } from '../../src/http/problem.ts';

describe('problem documents', () => {
  it('have a status that says failure for every error code, and no other code has one', () => {
    for (const code of ERROR_CODES) {
      expect(STATUS_OF_CODE[code], code).toBeGreaterThanOrEqual(400);
      expect(STATUS_CODES[STATUS_OF_CODE[code]], code).toBeDefined();
    }
    expect(Object.keys(STATUS_OF_CODE).sort()).toEqual([...ERROR_CODES].sort());
  });

  it('say what is wrong, and what it is called', () => {
    expect(toProblem(new ArchiveError('not_found', 'no asset x is here'))).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'no asset x is here',
      code: 'not_found',
      retryable: false,
    });
  });

  it('tell nothing of what is wrong inside the program', () => {
    for (const error of [new Error('secret'), new ArchiveError('internal', 'secret')]) {
      const problem = toProblem(error);
      expect(problem).toMatchObject({ status: 500, code: 'internal' });
      expect(JSON.stringify(problem)).not.toContain('secret');
    }
  });
});
