import type { Archetype } from '../../detect/signals/index.ts';
import type { LeverName } from '../containment/index.ts';

/** What is known of a lever whatever the failure. */
interface Lightness {
  /** Where it stands on the ladder: how much it takes from the people who use the system. Higher is heavier. */
  readonly weight: number;
  /** How much of the worth of a good request is lost where it is met, 0 to 1. */
  readonly loses: number;
  readonly sideEffects: string;
}

export const LIGHTNESS: Readonly<Record<LeverName, Lightness>> = {
  'rate-limit': {
    weight: 10,
    loses: 1,
    sideEffects: 'People and programs that ask a lot wait; what is wrong goes on, only slower.',
  },
  'generation-settings': { weight: 15, loses: 0.1, sideEffects: 'Answers get shorter and more alike.' },
  'restrict-input': {
    weight: 20,
    loses: 1,
    sideEffects: 'Files, links or long texts are refused, the harmless ones too.',
  },
  'human-review': {
    weight: 30,
    loses: 0.3,
    sideEffects: 'Everything waits for a person: somebody has to sit there, and people wait longer.',
  },
  'block-pattern': {
    weight: 40,
    loses: 1,
    sideEffects: 'Harmless texts with the same words are refused; other words get through.',
  },
  'signed-in-only': { weight: 45, loses: 1, sideEffects: 'Everybody who is not signed in is refused.' },
  'fence-countries': {
    weight: 50,
    loses: 1,
    sideEffects: 'Everybody in these countries is refused, and whoever says no country.',
  },
  threshold: { weight: 55, loses: 0.3, sideEffects: 'More cases go to a rule or a person, and take longer.' },
  'retrieval-off': { weight: 60, loses: 0.3, sideEffects: 'Answers are made without the index: fewer are complete.' },
  'clear-memory': { weight: 60, loses: 0.2, sideEffects: 'It no longer remembers what people told it.' },
  'revoke-tools': {
    weight: 65,
    loses: 0.5,
    sideEffects: 'It can still talk and can no longer act; what it had begun stays half done.',
  },
  pause: { weight: 65, loses: 1, sideEffects: 'What is due does not start, and has to be made up for later.' },
  'roll-back-prompt': { weight: 70, loses: 0.1, sideEffects: 'What the newer prompt mended is broken again.' },
  'roll-back-model': {
    weight: 75,
    loses: 0.1,
    sideEffects: 'What the newer model does better is gone; prompts may fit it less.',
  },
  'switch-vendor': {
    weight: 75,
    loses: 0.2,
    sideEffects: 'Another vendor sees the questions, answers differ, and prompts may fit it less.',
  },
  stop: { weight: 90, loses: 1, sideEffects: 'Nobody is served; people read a calm message and ask elsewhere.' },
};

/**
 * Which share of the harm a lever is expected to prevent, by kind of failure; 0.05 where it is not named. Judgement of
 * practice, not measured: shown in words, open to change, and what was chosen is recorded so that it can be learned from.
 */
const PREVENTS: Readonly<Record<Archetype | 'unknown', Readonly<Partial<Record<LeverName, number>>>>> = {
  'prompt-injection': {
    stop: 0.95,
    'revoke-tools': 0.7,
    'human-review': 0.6,
    'retrieval-off': 0.5,
    'restrict-input': 0.4,
    'block-pattern': 0.3,
    'signed-in-only': 0.3,
    pause: 0.3,
    'rate-limit': 0.2,
    'roll-back-prompt': 0.2,
  },
  'data-exfiltration': {
    stop: 0.95,
    'human-review': 0.7,
    'retrieval-off': 0.6,
    'revoke-tools': 0.6,
    'clear-memory': 0.5,
    'block-pattern': 0.4,
    'signed-in-only': 0.4,
    'rate-limit': 0.3,
    'fence-countries': 0.2,
    'roll-back-prompt': 0.3,
  },
  'model-manipulation': {
    stop: 0.95,
    'roll-back-model': 0.8,
    'switch-vendor': 0.7,
    'human-review': 0.6,
    'retrieval-off': 0.4,
    'clear-memory': 0.4,
    threshold: 0.3,
    'roll-back-prompt': 0.2,
  },
  'misinformation-cascade': {
    stop: 0.95,
    'human-review': 0.8,
    'roll-back-prompt': 0.7,
    'retrieval-off': 0.6,
    'roll-back-model': 0.5,
    'block-pattern': 0.4,
    'switch-vendor': 0.3,
    'generation-settings': 0.2,
    'rate-limit': 0.1,
  },
  'toxicity-abuse': {
    stop: 0.95,
    'human-review': 0.8,
    'roll-back-prompt': 0.6,
    'roll-back-model': 0.6,
    'switch-vendor': 0.5,
    'block-pattern': 0.4,
    'signed-in-only': 0.3,
    'restrict-input': 0.2,
    'generation-settings': 0.2,
    'rate-limit': 0.2,
  },
  'agentic-misalignment': {
    stop: 0.95,
    'revoke-tools': 0.9,
    'human-review': 0.8,
    pause: 0.6,
    'roll-back-prompt': 0.5,
    'roll-back-model': 0.5,
    'clear-memory': 0.3,
    'rate-limit': 0.2,
  },
  'integration-compromise': {
    stop: 0.95,
    'revoke-tools': 0.8,
    'human-review': 0.6,
    'switch-vendor': 0.5,
    'retrieval-off': 0.5,
    pause: 0.5,
    'signed-in-only': 0.2,
    'block-pattern': 0.2,
  },
  'quality-drift': {
    stop: 0.95,
    'roll-back-model': 0.7,
    'human-review': 0.7,
    'roll-back-prompt': 0.6,
    'switch-vendor': 0.6,
    threshold: 0.5,
    'retrieval-off': 0.4,
    'generation-settings': 0.3,
  },
  'vendor-outage': { 'switch-vendor': 0.9, 'roll-back-model': 0.4, stop: 0.3, 'rate-limit': 0.3, pause: 0.3 },
  'unsafe-automated-decision': {
    stop: 0.95,
    'human-review': 0.9,
    'roll-back-model': 0.7,
    threshold: 0.6,
    pause: 0.6,
    'roll-back-prompt': 0.5,
    'fence-countries': 0.2,
  },
  'control-failure': {
    stop: 0.95,
    'human-review': 0.7,
    'revoke-tools': 0.5,
    'roll-back-prompt': 0.4,
    'roll-back-model': 0.4,
    'restrict-input': 0.3,
    'signed-in-only': 0.3,
    'block-pattern': 0.3,
    'rate-limit': 0.2,
  },
  unknown: {
    stop: 0.9,
    'human-review': 0.6,
    'roll-back-prompt': 0.5,
    'roll-back-model': 0.4,
    'revoke-tools': 0.4,
    'retrieval-off': 0.3,
    pause: 0.3,
    'rate-limit': 0.2,
    'signed-in-only': 0.2,
    'restrict-input': 0.2,
  },
};
const LITTLE = 0.05;

/** Share of the harm that the lever is expected to prevent, 0 to 1; `null`: nobody knows yet what kind of failure it is. */
export const preventedBy = (lever: LeverName, archetype: Archetype | null): number =>
  PREVENTS[archetype ?? 'unknown'][lever] ?? LITTLE;

/** `most of it`: a share nobody has measured is said in words. */
export function preventedWords(share: number): string {
  if (share >= 0.85) return 'nearly all of it';
  if (share >= 0.6) return 'most of it';
  if (share >= 0.4) return 'about half of it';
  if (share >= 0.2) return 'some of it';
  return 'little of it';
}
