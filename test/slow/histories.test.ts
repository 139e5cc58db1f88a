import { describe } from 'vitest';
import { describeRandomHistories } from '../support/history-properties.ts';

describe('twelve thousand random histories', () => describeRandomHistories(1_600));
