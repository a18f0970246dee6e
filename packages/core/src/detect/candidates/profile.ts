import type { Instant } from '../../kernel/index.ts';
import { later } from '../../kernel/index.ts';
import type { Frequencies, TermVector } from '../../text/index.ts';
import { drawCentre, template, terms, vectorOf, words } from '../../text/index.ts';
import { quantities } from '../detectors/index.ts';
import { type Channel, type Mark, type Signal, withoutCaveats } from '../signals/index.ts';
import type { CandidateId, VersionKind } from './facts.ts';
import { VERSION_KINDS } from './facts.ts';
import { isReport, storyOf } from './reports.ts';

/** What a candidate looks like to the next signal. A cache: it can be made anew from the candidate's signals. */
export interface Profile {
  readonly candidate: CandidateId;
  readonly system: string;
  readonly probe: boolean;
  /** Absent of what is real. */
  readonly mark?: Mark | undefined;
  readonly archetypes: readonly string[];
  readonly features: readonly string[];
  readonly deployments: readonly string[];
  readonly versions: Readonly<Record<VersionKind, readonly string[]>>;
  readonly keys: readonly string[];
  readonly interactions: readonly string[];
  readonly templates: readonly string[];
  /** Texts its members are about, the latest last. */
  readonly subjects: readonly string[];
  readonly centre: readonly (readonly [string, number])[];
  readonly entities: readonly string[];
  readonly channels: readonly Channel[];
  readonly members: number;
  /** How many of them are texts of strangers; absent of profiles made before this was kept. */
  readonly reports?: number | undefined;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
}

const MOST = { keys: 100, interactions: 300, templates: 6, subjects: 6, entities: 40, versions: 8 } as const;
const latest = <T>(items: readonly T[], more: readonly T[], most: number): T[] =>
  [...new Set([...items, ...more])].slice(-most);

/** What a signal is about, without the words every signal of its kind has: its quotes, else its text. */
export function subjectOf(signal: Signal): string {
  const quoted = signal.quotes.flatMap((q) => q.text ?? []).join(' ');
  return quoted === '' ? withoutCaveats(signal.text) : quoted;
}

/** Two signals with the same key are the same thing seen again. */
export const keyOf = (signal: Signal): string =>
  [
    signal.system,
    signal.feature ?? '',
    signal.deployment ?? '',
    signal.detector,
    signal.kind,
    signal.archetype ?? '',
    template(subjectOf(signal)),
  ].join('|');

const COMMON =
  /^(?:The|This|That|There|They|You|Your|Our|We|If|In|It|Its|On|At|For|From|No|Not|Yes|Each|Every|And|But|Please|When|With|Why|How|What|Who|A|An|I|My|Is|Are|Can|Do|Does|Hi|Hello)$/;

/** Names, figures and hosts a text speaks of. */
function entitiesOf(text: string): string[] {
  const found = new Set<string>();
  for (const q of quantities(text.slice(0, 2_000))) found.add(`${q.kind}:${q.value}${q.of === null ? '' : ` ${q.of}`}`);
  for (const w of words(text.slice(0, 2_000), 400))
    if (/^\p{Lu}\p{L}{2,}/u.test(w.text) && !COMMON.test(w.text)) found.add(`name:${w.folded}`);
  for (const m of text.slice(0, 2_000).matchAll(/https?:\/\/([^\s/?#"'<>)]{1,200})/gi))
    found.add(`host:${m[1]!.toLowerCase()}`);
  return [...found].slice(0, MOST.entities);
}

/** A signal made ready for comparison, once. */
export interface Seen {
  readonly signal: Signal;
  readonly key: string;
  readonly subject: string;
  /** What is compared by words: the subject, of a report without what all reports about the system share. */
  readonly story: string;
  readonly template: string;
  readonly vector: TermVector;
  readonly entities: readonly string[];
}

export function see(signal: Signal, among: Frequencies): Seen {
  const subject = subjectOf(signal);
  const story = storyOf(signal, subject);
  return {
    signal,
    key: keyOf(signal),
    subject,
    story,
    template: template(subject),
    vector: vectorOf(terms(story), among),
    entities: entitiesOf(subject),
  };
}

export function openProfile(candidate: CandidateId, seen: Seen): Profile {
  const { signal } = seen;
  return grow(
    {
      candidate,
      system: signal.system,
      probe: signal.channel === 'probe',
      ...(signal.mark !== undefined && { mark: signal.mark }),
      archetypes: [],
      features: [],
      deployments: [],
      versions: { prompt: [], model: [], index: [], tools: [] },
      keys: [],
      interactions: [],
      templates: [],
      subjects: [],
      centre: [],
      entities: [],
      channels: [],
      members: 0,
      reports: 0,
      firstAt: signal.receivedAt,
      lastAt: signal.receivedAt,
    },
    seen,
  );
}

export function grow(profile: Profile, { signal, key, story, template: text, vector, entities }: Seen): Profile {
  const one = (value: string | null): string[] => (value === null ? [] : [value]);
  const share = Math.max(0.1, 1 / (profile.members + 1));
  return {
    ...profile,
    archetypes: latest(profile.archetypes, one(signal.archetype), MOST.versions),
    features: latest(profile.features, one(signal.feature), MOST.versions),
    deployments: latest(profile.deployments, one(signal.deployment), MOST.versions),
    versions: Object.fromEntries(
      VERSION_KINDS.map((kind) => [kind, latest(profile.versions[kind], one(signal.versions[kind]), MOST.versions)]),
    ) as unknown as Profile['versions'],
    keys: latest(profile.keys, [key], MOST.keys),
    interactions: latest(profile.interactions, one(signal.interaction), MOST.interactions),
    templates: latest(profile.templates, [text], MOST.templates),
    subjects: latest(profile.subjects, [story.slice(0, 500)], MOST.subjects),
    centre: [...drawCentre(new Map(profile.centre), vector, share)],
    entities: latest(profile.entities, entities, MOST.entities),
    channels: latest(profile.channels, [signal.channel], 6),
    members: profile.members + 1,
    ...(profile.reports !== undefined && { reports: profile.reports + (isReport(signal) ? 1 : 0) }),
    lastAt: later(profile.lastAt, signal.receivedAt),
  };
}
