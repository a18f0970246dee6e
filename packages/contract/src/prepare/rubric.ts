import { z } from 'zod';
import { endpoint } from '../endpoint.ts';

const level = z.number().int().min(0).max(4).nullable();
/** Answers to the six questions, 0 to 4, or null for "nobody knows yet". */
export const Axes = z
  .object({ harm: level, reach: level, data: level, regulatory: level, autonomy: level, control: level })
  .meta({ id: 'Axes' });
export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).meta({ id: 'Severity' });
export const SeverityCall = z
  .object({
    severity: Severity,
    rules: z.array(z.string()),
    reasons: z.array(z.string()),
    provisional: z.boolean(),
    worstCase: Severity,
    unknown: z.array(z.string()),
    couldBe: z.array(z.string()),
  })
  .meta({ id: 'SeverityCall' });

export const rubric = {
  suggest: endpoint({
    method: 'POST',
    path: '/api/v1/rubric/suggest',
    tag: 'Severity',
    summary: 'Severity from answers, with reasons',
    may: 'read',
    body: z.object({ axes: Axes }),
    answer: SeverityCall,
  }),
};
