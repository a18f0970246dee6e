import { type Interaction, markOf, type Signal } from '../signals/index.ts';
import { exfiltrationLink } from './exfiltration-link.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { followedInstruction } from './followed-instruction.ts';
import { personalData } from './personal-data.ts';
import { promptAttack } from './prompt-attack.ts';
import { promptLeak } from './prompt-leak.ts';
import { repetition } from './repetition.ts';
import { secrets } from './secrets.ts';
import { takenOut } from './taken-out.ts';
import { ungroundedClaim } from './ungrounded-claim.ts';
import { unsafeContent } from './unsafe-content.ts';

export const DETECTORS: readonly Detector[] = [
  ungroundedClaim,
  secrets,
  exfiltrationLink,
  personalData,
  followedInstruction,
  promptAttack,
  unsafeContent,
  takenOut,
  promptLeak,
  repetition,
];

/** Detectors that look at more than one interaction, beside those above. */
const READING_BESIDE = ['agent-calls', 'session-budgets', 'context-size', 'verbatim'] as const;

/** Names of all local detectors: each has a heartbeat. */
export const DETECTOR_NAMES: readonly string[] = [...DETECTORS.map(({ name }) => name), ...READING_BESIDE];

/** Everything the local detectors find in one interaction. */
export function inspect(interaction: Interaction, aids: Aids): Finding[] {
  return DETECTORS.flatMap((detector) => detector.look(interaction, aids));
}

/** A detector that could not read an interaction, and why. */
export interface Missed {
  readonly detector: string;
  readonly why: string;
}

const LONGEST_WHY = 300;

/**
 * What each of the local detectors makes of one interaction. One that breaks off keeps no other from reading it. `onto` is
 * told which one is about to read, by its place in the registry.
 */
export function inspectEach(
  interaction: Interaction,
  aids: Aids,
  onto: (detector: number) => void = () => undefined,
): { readonly found: readonly Finding[]; readonly missed: readonly Missed[] } {
  const found: Finding[] = [];
  const missed: Missed[] = [];
  for (const [at, detector] of DETECTORS.entries()) {
    onto(at);
    try {
      found.push(...detector.look(interaction, aids));
    } catch (error) {
      const why = String(error instanceof Error ? error.message : error).slice(0, LONGEST_WHY);
      missed.push({ detector: detector.name, why });
    }
  }
  return { found, missed };
}

/**
 * A finding as the signal it becomes. `dedupKey` is the same for the same finding in the same interaction, so looking
 * again, after a second witness filled something in, raises nothing twice.
 */
export function signalOf(finding: Finding, it: Interaction, aids: Aids): Omit<Signal, 'id' | 'receivedAt'> {
  const mark = markOf(it.givenId);
  return {
    ...(mark !== undefined && { mark }),
    at: it.at,
    channel: 'output-filter',
    kind: finding.kind,
    detector: finding.detector,
    rule: `${finding.detector}@${finding.version} ${finding.rules.join(' ')}`,
    evidenceClass: finding.evidenceClass,
    score: finding.score,
    system: it.system,
    feature: it.feature,
    deployment: it.deployment,
    versions: it.versions,
    subjectHash: it.subject === null ? null : aids.digest(`subject|${it.subject}`),
    archetype: finding.archetype,
    severityHint: null,
    text: finding.explain.slice(0, 2_000),
    quotes: finding.spans,
    interaction: it.id,
    dedupKey: `${it.id}|${finding.detector}|${aids.digest(finding.same)}`,
  };
}
