import type { Archetype } from '../signals/index.ts';

/** Risk domains of the MIT AI Risk taxonomy, by number. */
export const DOMAINS = [
  '1. Discrimination and Toxicity',
  '2. Privacy & Security',
  '3. Misinformation',
  '4. Malicious Actors & Misuse',
  '5. Human-Computer Interaction',
  '6. Socioeconomic & Environmental Harms',
  '7. AI system safety, failures, and limitations',
] as const;
export type Domain = (typeof DOMAINS)[number];

interface Place {
  /** `null`: outside, misuse by others, over-reliance, society; nothing a playbook of ours is for. */
  readonly archetype: Archetype | null;
  /** Number of the domain; `null`: nothing of AI at all. */
  readonly domain: number | null;
}

/** What the model tells apart, finer than archetypes where one archetype has several faces. */
export const PLACES: Readonly<Record<string, Place>> = {
  '1.1': { archetype: 'toxicity-abuse', domain: 1 },
  /** Unequal treatment by a decision about people, not by what is said or drawn. */
  'unfair-decision': { archetype: 'unsafe-automated-decision', domain: 1 },
  '1.2': { archetype: 'toxicity-abuse', domain: 1 },
  '1.3': { archetype: 'toxicity-abuse', domain: 1 },
  'data-exfiltration': { archetype: 'data-exfiltration', domain: 2 },
  'prompt-injection': { archetype: 'prompt-injection', domain: 2 },
  'model-manipulation': { archetype: 'model-manipulation', domain: 2 },
  'integration-compromise': { archetype: 'integration-compromise', domain: 2 },
  'misinformation-cascade': { archetype: 'misinformation-cascade', domain: 3 },
  '4.1': { archetype: null, domain: 4 },
  '4.2': { archetype: null, domain: 4 },
  '4.3': { archetype: null, domain: 4 },
  '5': { archetype: null, domain: 5 },
  '6': { archetype: null, domain: 6 },
  '7.4': { archetype: null, domain: 7 },
  'agentic-misalignment': { archetype: 'agentic-misalignment', domain: 7 },
  'unsafe-automated-decision': { archetype: 'unsafe-automated-decision', domain: 7 },
  'quality-drift': { archetype: 'quality-drift', domain: 7 },
  'vendor-outage': { archetype: 'vendor-outage', domain: 7 },
  'control-failure': { archetype: 'control-failure', domain: 7 },
  elsewhere: { archetype: null, domain: null },
};

/** Whether somebody meant it. */
export const INTENTS = ['Intentional', 'Unintentional'] as const;
export type Intent = (typeof INTENTS)[number];

/** A playbook that does not fit costs more than none: an archetype must be this much likelier than being outside all. */
const LEAN = 1.3;

/** Archetypes with their chances, the answer first; `null` stands for being outside all of them. */
export function rankArchetypes(
  classes: readonly string[],
  chances: readonly number[],
): (readonly [archetype: Archetype | null, chance: number])[] {
  const sums = new Map<Archetype | null, number>();
  for (const [k, name] of classes.entries()) {
    const { archetype } = PLACES[name]!;
    sums.set(archetype, (sums.get(archetype) ?? 0) + chances[k]!);
  }
  const rank = ([archetype, chance]: readonly [Archetype | null, number]) =>
    archetype === null ? chance * LEAN : chance;
  return [...sums].sort((a, b) => rank(b) - rank(a));
}
