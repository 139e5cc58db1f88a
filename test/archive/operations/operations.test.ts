import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OPERATIONS } from '../../../src/archive/operations/operations.ts';

describe.each([...OPERATIONS.values()])('the operation $name', (operation) => {
  it('takes plain JSON, which its schema hands on as it is', () => {
    const taken = z.toJSONSchema(operation.input, { io: 'input' });
    for (const shape of taken.anyOf ?? [taken]) {
      expect(shape).toMatchObject({ type: 'object', additionalProperties: false });
    }
    expect(z.toJSONSchema(operation.input, { io: 'output' })).toEqual(taken);
  });
});
