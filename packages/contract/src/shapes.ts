import { type Instant, instant } from '@firebreak/core/kernel';
import { z } from 'zod';

/** Any ISO 8601 text with a zone; handed on in UTC with milliseconds. */
export const Moment = z.iso
  .datetime({ offset: true })
  .transform((text): Instant => instant(text))
  .meta({ description: 'ISO 8601 date and time with a zone', examples: ['2026-11-20T23:21:04Z'] });

/** An instant as answers carry it: UTC with milliseconds. */
export const At = z.string().meta({ format: 'date-time' }) as unknown as z.ZodType<Instant, Instant>;

export const id = <K extends string>(kind: K) =>
  z
    .templateLiteral([
      z.literal(`${kind}_`),
      z
        .string()
        .min(1)
        .max(60)
        .regex(/^[A-Za-z0-9-]+$/),
    ])
    .meta({ description: `Id of the form ${kind}_…` });

/** Lower-case words joined by hyphens: the name programs use. */
export const Key = z
  .string()
  .min(2)
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'use lower-case letters, digits, dots and hyphens, for example support-bot');

export const Line = z.string().trim().min(1).max(200);
export const Text = z.string().trim().min(1).max(10_000);

export const Actor = z.object({ kind: z.enum(['person', 'key', 'system']), id: z.string() });

export const RecordedFact = z
  .object({
    seq: z.number().int(),
    stream: z.string(),
    version: z.number().int(),
    type: z.string(),
    at: At,
    by: Actor,
    incident: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'RecordedFact' });

export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(80).optional(),
});
