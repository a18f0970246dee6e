import { redact } from '../detectors/index.ts';
import type { Interaction, Signal } from '../signals/index.ts';
import { archetypeOf } from './hazards.ts';
import type { Question } from './kinds.ts';
import type { ModeratorDescription } from './moderator.ts';
import type { Opinion } from './opinion.ts';

/** Longest text that is sent of each side, UTF-16 units. */
const MOST_SENT = 16_000;
const OUT = new Set(['secret', 'CREDIT_CARD', 'IBAN_CODE', 'US_SSN', 'NATIONAL_ID', 'PASSPORT'] as const);

const sent = (text: string | null): string | null =>
  text === null || text.trim() === '' ? null : redact(text.slice(0, MOST_SENT), OUT).text;

const lastAsked = ({ input }: Interaction): string | null =>
  input?.findLast(({ role }) => role === 'user')?.content ?? null;

/** What a moderator is asked about an interaction, with secrets and account numbers taken out; null: there is nothing to read. */
export function questionAbout(it: Interaction, { side }: Pick<ModeratorDescription, 'side'>): Question | null {
  const input = side === 'output' ? null : sent(lastAsked(it));
  const output = side === 'input' ? null : sent(it.output);
  return input === null && output === null ? null : { id: it.id, system: it.system, input, output };
}

/** Whether the flag counts: it is one, and as sure as it has to be. */
export const counts = ({ flagged, score }: Opinion, { threshold }: Pick<ModeratorDescription, 'threshold'>): boolean =>
  flagged && (score === null || score >= threshold);

const MOST_NAMED = 3;

/** A flag that counts, as the signal it becomes. */
export function signalOfOpinion(
  by: Pick<ModeratorDescription, 'name' | 'side' | 'trust'> & { readonly id: string },
  it: Interaction,
  opinion: Opinion,
  model: string | null,
  digest: (text: string) => string,
): Omit<Signal, 'id' | 'receivedAt'> {
  const named = opinion.categories
    .slice(0, MOST_NAMED)
    .map(({ name, score }) => (score === null ? name : `${name} ${score.toFixed(2)}`));
  const subject = by.side === 'input' ? 'what was asked' : by.side === 'output' ? 'the answer' : 'the exchange';
  return {
    at: it.at,
    channel: 'output-filter',
    kind: 'moderation-flag',
    detector: `moderator ${by.name}`.slice(0, 256),
    rule: `${model ?? 'moderator'} ${opinion.categories.map(({ name }) => name).join(' ')}`.trim().slice(0, 256),
    evidenceClass: by.trust,
    score: opinion.score,
    system: it.system,
    feature: it.feature,
    deployment: it.deployment,
    versions: it.versions,
    subjectHash: it.subject === null ? null : digest(`subject|${it.subject}`),
    archetype: archetypeOf(opinion.categories[0]?.name ?? ''),
    severityHint: null,
    text: `${by.name} flags ${subject}${named.length > 0 ? ` (${named.join(', ')})` : ''}.${
      opinion.reason === '' ? '' : ` It says: ${opinion.reason}`
    }`.slice(0, 2_000),
    quotes: [],
    interaction: it.id,
    dedupKey: `moderation|${by.id}|${it.id}`,
  };
}
