import type { Instant } from '../../kernel/index.ts';
import { earlier, later } from '../../kernel/index.ts';
import type { PagesAlone, Signal } from '../signals/index.ts';
import type { Summary, VersionKind } from './facts.ts';
import { VERSION_KINDS } from './facts.ts';

export const SUMMARY_BOUNDS = {
  signals: 50,
  subjects: 200,
  versions: 12,
  quotes: 8,
  detectors: 20,
  deployments: 50,
  pagesAlone: 4,
} as const;

function firsts<T>(items: Iterable<T>, most: number): T[] {
  const seen = new Set<T>();
  for (const item of items) {
    if (seen.size >= most) break;
    seen.add(item);
  }
  return [...seen];
}

function tally<K extends string>(items: readonly (K | null)[], most: number): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  let kinds = 0;
  for (const item of items) {
    if (item === null) continue;
    const held = counts[item];
    if (held === undefined && kinds >= most) continue;
    if (held === undefined) kinds++;
    counts[item] = (held ?? 0) + 1;
  }
  return counts;
}

function add<K extends string>(
  a: Readonly<Partial<Record<K, number>>>,
  b: Readonly<Partial<Record<K, number>>>,
  most: number,
): Partial<Record<K, number>> {
  const sum: Partial<Record<K, number>> = { ...a };
  for (const [key, count] of Object.entries(b) as [K, number][]) {
    if (sum[key] === undefined && Object.keys(sum).length >= most) continue;
    sum[key] = (sum[key] ?? 0) + count;
  }
  return sum;
}

/** The quotes said most, folded by case and space. */
function mostQuoted(texts: readonly string[]): string[] {
  const counts = new Map<string, { text: string; count: number }>();
  for (const text of texts) {
    const key = text.toLowerCase().replace(/\s+/g, ' ').trim();
    if (key === '') continue;
    const held = counts.get(key);
    if (held === undefined) counts.set(key, { text, count: 1 });
    else held.count++;
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, SUMMARY_BOUNDS.quotes)
    .map(({ text }) => text);
}

const gravest = (a: Summary['severityHint'], b: Summary['severityHint']): Summary['severityHint'] =>
  a === null ? b : b === null ? a : a < b ? a : b;

/** Each reason once; absent where there is none. */
function reasonsAlone(all: readonly PagesAlone[]): Pick<Summary, 'pagesAlone'> {
  const byReason = new Map(all.map((each) => [each.because, each]));
  return byReason.size === 0 ? {} : { pagesAlone: [...byReason.values()].slice(0, SUMMARY_BOUNDS.pagesAlone) };
}

/** When it was seen: as its sender says, and never after it came in. A clock that runs ahead makes nothing of the future. */
const seenAt = ({ at, receivedAt }: Pick<Signal, 'at' | 'receivedAt'>): Instant => earlier(at, receivedAt);

/** What these signals say together. Throws RangeError for none. */
export function summarise(signals: readonly Signal[]): Summary {
  const first = signals[0];
  if (first === undefined) throw new RangeError('a summary needs at least one signal');
  let firstAt: Instant = seenAt(first);
  let lastAt: Instant = firstAt;
  let heardAt: Instant = first.receivedAt;
  let severityHint: Summary['severityHint'] = null;
  for (const signal of signals) {
    firstAt = earlier(firstAt, seenAt(signal));
    lastAt = later(lastAt, seenAt(signal));
    heardAt = later(heardAt, signal.receivedAt);
    severityHint = gravest(severityHint, signal.severityHint);
  }
  const versionsOf = (kind: VersionKind) =>
    firsts(
      signals.flatMap((s) => s.versions[kind] ?? []),
      SUMMARY_BOUNDS.versions,
    );
  return {
    count: signals.length,
    signals: signals.slice(0, SUMMARY_BOUNDS.signals).map((s) => s.id),
    firstAt,
    lastAt,
    heardAt,
    channels: tally(
      signals.map((s) => s.channel),
      SUMMARY_BOUNDS.detectors,
    ),
    evidence: {
      verified: 0,
      strong: 0,
      weak: 0,
      ...tally(
        signals.map((s) => s.evidenceClass),
        3,
      ),
    },
    detectors: tally(
      signals.map((s) => s.detector),
      SUMMARY_BOUNDS.detectors,
    ) as Record<string, number>,
    archetypes: tally(
      signals.map((s) => s.archetype),
      SUMMARY_BOUNDS.detectors,
    ),
    subjects: firsts(
      signals.flatMap((s) => s.subjectHash ?? []),
      SUMMARY_BOUNDS.subjects,
    ),
    interactions: new Set(signals.flatMap((s) => s.interaction ?? [])).size,
    versions: Object.fromEntries(VERSION_KINDS.map((kind) => [kind, versionsOf(kind)])) as Record<
      VersionKind,
      string[]
    >,
    quotes: mostQuoted(signals.flatMap((s) => s.quotes.flatMap((q) => q.text ?? []))),
    severityHint,
    deployments: firsts(
      signals.flatMap((s) => s.deployment ?? []),
      SUMMARY_BOUNDS.deployments,
    ),
    ...reasonsAlone(signals.flatMap(({ pagesAlone }) => pagesAlone ?? [])),
  };
}

/** Two summaries as one. Lists keep their bounds; what was seen first stays. */
export function joinSummaries(a: Summary, b: Summary): Summary {
  return {
    count: a.count + b.count,
    signals: firsts([...a.signals, ...b.signals], SUMMARY_BOUNDS.signals),
    firstAt: earlier(a.firstAt, b.firstAt),
    lastAt: later(a.lastAt, b.lastAt),
    heardAt: later(a.heardAt, b.heardAt),
    channels: add(a.channels, b.channels, SUMMARY_BOUNDS.detectors),
    evidence: {
      verified: a.evidence.verified + b.evidence.verified,
      strong: a.evidence.strong + b.evidence.strong,
      weak: a.evidence.weak + b.evidence.weak,
    },
    detectors: add(a.detectors, b.detectors, SUMMARY_BOUNDS.detectors) as Record<string, number>,
    archetypes: add(a.archetypes, b.archetypes, SUMMARY_BOUNDS.detectors),
    subjects: firsts([...a.subjects, ...b.subjects], SUMMARY_BOUNDS.subjects),
    interactions: a.interactions + b.interactions,
    versions: Object.fromEntries(
      VERSION_KINDS.map((kind) => [kind, firsts([...a.versions[kind], ...b.versions[kind]], SUMMARY_BOUNDS.versions)]),
    ) as Record<VersionKind, string[]>,
    quotes: firsts([...a.quotes, ...b.quotes], SUMMARY_BOUNDS.quotes),
    severityHint: gravest(a.severityHint, b.severityHint),
    // Summaries of before deployments were kept have none.
    deployments: firsts([...(a.deployments ?? []), ...(b.deployments ?? [])], SUMMARY_BOUNDS.deployments),
    ...reasonsAlone([...(a.pagesAlone ?? []), ...(b.pagesAlone ?? [])]),
  };
}
