import { z } from 'zod';
import { code, hex32 } from '../../core/statements/fields.ts';
import { registerModel } from '../tracing/register-model.ts';
import { traceModel } from '../tracing/trace-model.ts';
import { registeredModel, traced, tracedCounts } from './answers/models.ts';
import { createOperation } from './operation.ts';

/** Ties a model to the receipts of what it was trained on. */
export const registerOneModel = createOperation({
  name: 'model.register',
  opens: 'archive',
  changes: true,
  input: z.strictObject({
    model: code,
    weights: hex32,
    generative: z.boolean(),
    receipts: z.array(z.string()).min(1).max(256),
  }),
  result: registeredModel,
  run: async (archive, input) => ({
    ...(await registerModel(input, archive)),
    model: input.model,
    weights: input.weights,
  }),
});

/** Tells what a model was trained on: releases, assets, consents, as it was and as it is. */
export const traceOneModel = createOperation({
  name: 'model.trace',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ model: code }),
  result: tracedCounts,
  item: traced,
  async run(archive, { model }, telling) {
    const counts = { releases: 0, assets: 0, withdrawn: 0 };
    for await (const one of traceModel(model, archive)) {
      telling.signal.throwIfAborted();
      if (one.kind === 'release') counts.releases += 1;
      if (one.kind === 'asset' && one.was === 'included') {
        counts.assets += 1;
        counts.withdrawn += one.is === 'included' ? 0 : 1;
      }
      await telling.item(one);
    }
    return { model, ...counts };
  },
});
