import { expect, it } from 'vitest';
import { asArchiveError } from '../../src/core/errors.ts';

it('tells that no more files may be open, which is no defect of the program', () => {
  const cause = Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' });
  const told = asArchiveError(new SuppressedError(new Error('closing failed too'), cause));
  expect(told).toMatchObject({ code: 'busy', retryable: true, cause });
  expect(asArchiveError(new TypeError('x is undefined'))).toMatchObject({ code: 'internal' });
});
