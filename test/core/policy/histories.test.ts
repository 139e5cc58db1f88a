import { describe } from 'vitest';
import { describeRandomHistories } from '../../support/history-properties.ts';

// test/slow/histories.test.ts looks at twelve thousand and more.
describe('random histories', () => describeRandomHistories(150));
