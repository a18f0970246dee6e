import type { AnswerOf } from '@firebreak/contract';
import type { archetypes } from '@firebreak/contract/detect/archetypes';
import type { Archetype, CalledArchetype } from '@firebreak/core/detect/signals';

export const ARCHETYPE_WORDS: Record<Archetype, string> = {
  'prompt-injection': 'Prompt injection',
  'data-exfiltration': 'Data exfiltration',
  'model-manipulation': 'Model manipulation',
  'misinformation-cascade': 'Misinformation cascade',
  'toxicity-abuse': 'Toxicity and abuse',
  'agentic-misalignment': 'Agentic misalignment',
  'integration-compromise': 'Integration compromise',
  'quality-drift': 'Quality drift',
  'vendor-outage': 'Vendor outage',
  'unsafe-automated-decision': 'Unsafe automated decision',
  'control-failure': 'Control failure',
};

export const CALLED_WORDS: Record<CalledArchetype, string> = {
  ...ARCHETYPE_WORDS,
  outside: 'Outside our archetypes',
  unknown: 'Not known yet',
};

export type Suggested = AnswerOf<typeof archetypes.suggestArchetype>;

/** `Misinformation cascade`, `Outside our archetypes`, `Not sure`: what is suggested, detectors first. */
export function suggestedWords({ found, suggestion }: Suggested): { says: string; how: string } {
  if (found !== null) return { says: ARCHETYPE_WORDS[found], how: 'as our detectors say' };
  const sure = `${Math.round(suggestion.confidence * 100)} % sure`;
  if (suggestion.verdict === 'outside') return { says: 'Outside our archetypes', how: sure };
  if (suggestion.verdict === 'named') return { says: ARCHETYPE_WORDS[suggestion.archetype!], how: sure };
  return suggestion.archetype === null
    ? { says: 'Not sure', how: 'too few words tell' }
    : { says: `Not sure, perhaps ${ARCHETYPE_WORDS[suggestion.archetype].toLowerCase()}`, how: sure };
}

/** What one click would call it: what detectors found, else what the words say; null where neither is sure. */
export function suggestedCall({ found, suggestion }: Suggested): CalledArchetype | null {
  if (found !== null) return found;
  if (suggestion.verdict === 'unsure') return null;
  return suggestion.archetype ?? 'outside';
}

/** The words that weighed and the other archetypes worth a thought, as sentences; empty where there is nothing to say. */
export function suggestedReasons({ found, suggestion }: Suggested): string[] {
  const words = suggestion.because.map(({ word }) => `“${word}”`);
  const others = suggestion.others.map((it) => ARCHETYPE_WORDS[it.archetype].toLowerCase());
  const differs = found !== null && suggestion.verdict === 'named' && suggestion.archetype !== found;
  return [
    ...(differs ? [`The words alone would say ${ARCHETYPE_WORDS[suggestion.archetype!].toLowerCase()}.`] : []),
    ...(words.length > 0 ? [`${words.length === 1 ? 'The word' : 'The words'} ${words.join(', ')} weighed most.`] : []),
    ...(others.length > 0 ? [`Also possible: ${others.join(', ')}.`] : []),
  ];
}
