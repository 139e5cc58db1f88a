import type { TrainingSummary } from '../../core/dataset/training-summary.ts';

/** What the template asks and only the provider of the model can answer, by its sections. */

export const TEMPLATE =
  'Template for the public summary of training content, Art. 53(1)(d) of Regulation (EU) 2024/1689, C(2025) 8311 of 5 December 2025';

const blank = (toBeFilledIn: string) => ({ toBeFilledIn });

export const GENERAL: TrainingSummary['general'] = {
  summaryVersion: blank('version of the summary'),
  lastUpdate: blank('date of the last update of the summary'),
  provider: blank('name of the provider, and how to reach it'),
  representative: blank('authorised representative in the Union, where there has to be one'),
  models: blank('names of the models with their versions'),
  dependencies: blank('models that these are modified or fine-tuned versions of'),
  placedOnMarket: blank('date on which each model was placed on the Union market'),
};

export const SOURCES = {
  commercial: blank('which of the assets in 2.2.1 are under a commercial agreement'),
  crawled: blank(
    'what the provider, or others for it, crawled: crawlers, purposes, behaviour, period, content, domains',
  ),
  users: blank('whether data of users of the model or of other services was used'),
  other: blank('data from any source that is not in this report'),
} as const;

export const SYNTHETIC = blank(
  'synthetic data made by or for the provider, with modalities and models',
);

export const PROCESSING = {
  commitments: blank(
    'copyright policy, signatory of the Code of Practice or not, measures of the provider itself',
  ),
  illegalContent: blank('what the provider did to keep illegal content out of the training'),
  other: blank('anything else that the provider wants to say'),
} as const;
