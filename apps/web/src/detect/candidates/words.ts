import type { CandidateState, Dismissal, LateDecision, Summary } from '@firebreak/core/detect/candidates';
import type { Channel, EvidenceClass } from '@firebreak/core/detect/signals';
import type { Tone } from '../../ui/Marks.tsx';

export const CHANNEL_WORDS: Record<Channel, readonly [string, string]> = {
  'output-filter': ['answer our detectors flagged', 'answers our detectors flagged'],
  telemetry: ['signal from telemetry', 'signals from telemetry'],
  feedback: ['complaint', 'complaints'],
  external: ['report from outside', 'reports from outside'],
  'golden-set': ['failed golden answer', 'failed golden answers'],
  probe: ['probe of our own', 'probes of our own'],
};

export const EVIDENCE_WORDS: Record<
  EvidenceClass,
  { readonly says: string; readonly means: string; readonly tone: Tone }
> = {
  verified: { says: 'proves itself', means: 'The finding can be checked from the text alone.', tone: 'ember' },
  strong: { says: 'strong', means: 'Rarely wrong.', tone: 'amber' },
  weak: { says: 'weak', means: 'Says little alone; it counts beside others.', tone: 'plain' },
};

export const STATE_WORDS: Record<
  CandidateState,
  { readonly says: string; readonly means: string; readonly tone: Tone }
> = {
  forming: { says: 'forming', means: 'Too little yet to be sure that it is one event.', tone: 'plain' },
  coherent: { says: 'one event', means: 'Enough signals agree that this is one event.', tone: 'amber' },
  paged: { says: 'paged', means: 'Somebody was told, and has to look.', tone: 'ember' },
  promoted: { says: 'became an incident', means: 'Somebody declared it.', tone: 'moss' },
  closed: { says: 'closed', means: 'Its incident was closed.', tone: 'plain' },
  dismissed: { says: 'dismissed', means: 'Somebody said it is no incident.', tone: 'plain' },
  merged: { says: 'merged', means: 'Its signals went over to another candidate.', tone: 'plain' },
};

export const DISMISSAL_WORDS: Record<Dismissal, { readonly label: string; readonly hint: string }> = {
  'false-alarm': { label: 'False alarm', hint: 'The detector is wrong here. It counts against its precision.' },
  expected: { label: 'Expected', hint: 'Real, but known and accepted: a test, a planned change.' },
  duplicate: { label: 'Duplicate', hint: 'Handled elsewhere. Merging keeps the signals together; prefer it.' },
  'not-ours': { label: 'Not ours', hint: 'Real, but another organisation must act.' },
  other: { label: 'Other', hint: 'Say it in the reason.' },
};

/** The rules of our own detectors in words, each once: `figure not in source, words not in source`. Others say theirs as they like. */
export function ruleWords(rule: string): string {
  const [detector, ...rules] = rule.split(' ');
  if (!/^[a-z-]+@\d+$/.test(detector ?? '') || rules.length === 0) return rule;
  return [...new Set(rules)].map((each) => each.replaceAll('-', ' ')).join(', ');
}

const AHEAD_MS = 60_000;
const LATE_MS = 6 * 3_600_000;

/** What is odd about the time a signal says of itself; null: nothing. Followed by when it came in. */
export function clockWord(at: string, receivedAt: string): { readonly says: string; readonly means: string } | null {
  const lag = Date.parse(receivedAt) - Date.parse(at);
  if (lag < -AHEAD_MS)
    return {
      says: 'its clock runs ahead; came in',
      means: 'The time its sender says lies after the moment it came in. It is counted as seen when it came in.',
    };
  if (lag > LATE_MS)
    return {
      says: 'late; came in',
      means: 'It came in more than six hours after the time its sender says. It is grouped by when it came in.',
    };
  return null;
}

/** `11 complaints, 4 answers our detectors flagged`: the channels, most first. */
export function channelsLine(channels: Summary['channels']): string {
  return (Object.entries(channels) as [Channel, number][])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([channel, count]) => `${count.toLocaleString('en')} ${CHANNEL_WORDS[channel][count === 1 ? 0 : 1]}`)
    .join(', ');
}

/** What the signals agree on: `prompt v41 · gpt-4.1-mini`. Several versions are listed; none known is said. */
export function versionsOf(versions: Summary['versions']): string {
  const parts = (['prompt', 'model', 'index', 'tools'] as const).flatMap((kind) => {
    const known = versions[kind];
    if (known.length === 0) return [];
    const shown = known.slice(0, 3).join(', ') + (known.length > 3 ? ` and ${known.length - 3} more` : '');
    return [kind === 'model' ? shown : `${kind} ${shown}`];
  });
  return parts.join(' · ') || 'versions not captured';
}

/** Whether anybody looks at what was paged, and whether anybody could be told. */
export function pagedLine({
  pages,
  acknowledged,
}: {
  readonly pages: readonly { readonly to: readonly unknown[] | null }[];
  readonly acknowledged: unknown;
}): string {
  const nobody = pages.at(-1)?.to?.length === 0 ? ' Nobody could be told: no channel.' : '';
  return `${acknowledged === null ? 'Nobody looks yet.' : 'Somebody looks at it.'}${nobody}`;
}

export const LATE_WORDS: Record<LateDecision, string> = {
  reopened: 'the incident was opened again',
  linked: 'another incident names it',
  known: 'nothing new in it',
};

/** What was made on purpose says so wherever it stands. */
export const markWord = (mark: string | null | undefined): string | null =>
  mark?.startsWith('drill:') ? 'drill' : mark?.startsWith('simulated:') ? 'simulated' : null;

const FIRST = 'first signal';
/** The reasons why signals belong together: that one of them came first is none where there are others. */
export const saidReasons = (reasons: readonly string[]): readonly string[] => {
  const others = reasons.filter((reason) => reason !== FIRST);
  return others.length > 0 ? others : reasons;
};
