import { z } from 'zod';

/** `inquiries` in `ringfence.json`: whether people without an account may ask whether a work is here. */
export const inquirySettings = z.strictObject({
  open: z
    .boolean()
    .default(false)
    .describe('Whether anybody may ask whether a work is here, and object to what is public.'),
  maxBytes: z
    .int()
    .min(1)
    .max(1_073_741_824)
    .default(33_554_432)
    .describe('Bytes of a file that is asked about, at the most.'),
  perHour: z
    .int()
    .min(1)
    .max(100_000)
    .default(30)
    .describe('Questions that one address may ask in an hour.'),
  objectionsPerDay: z
    .int()
    .min(1)
    .max(100_000)
    .default(5)
    .describe('Objections that one address may make in a day.'),
  answerDays: z
    .int()
    .min(1)
    .max(90)
    .default(30)
    .describe('Days within which a steward answers; unanswered, an objection holds its asset.'),
  keepDays: z
    .int()
    .min(0)
    .max(365)
    .default(30)
    .describe('Days after the answer until what is known of an objection is deleted.'),
});

export type InquirySettings = z.output<typeof inquirySettings>;
