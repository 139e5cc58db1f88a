import { z } from 'zod';
import { count, entry, statement } from './names.ts';

/** What one statement about assets has become. */
export const stated = z
  .strictObject({ entry, id: statement, assets: count.describe('How many it is about') })
  .meta({ id: 'Stated', description: 'What was recorded: it is signed and on disk' });
