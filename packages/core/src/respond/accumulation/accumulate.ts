import type { Archetype } from '../../detect/signals/index.ts';
import { addMs, type Instant } from '../../kernel/index.ts';
import type { Severity } from '../../prepare/rubric/index.ts';
import type { IncidentId } from '../incidents/index.ts';

/** Incidents this far apart are looked at together. */
const WINDOW_DAYS = 14;
export const WINDOW_MS = WINDOW_DAYS * 86_400_000;
/** So many like each other ask for a parent. */
const ENOUGH = 3;
const MOST_CHILDREN = 50;

/** What the rule needs to know of one incident. Near misses, drills and children of another incident are left out before. */
export interface Counted {
  readonly incident: IncidentId;
  readonly label: string;
  readonly systems: readonly string[];
  readonly severity: Severity;
  readonly declaredAt: Instant;
  readonly archetype: Archetype | null;
  /** `prompt v42`, `model m-1`; none where nobody knows. */
  readonly versions: readonly string[];
  /** The control that answered it: a declared one or `disable answers`; null where none was pulled. */
  readonly control: string | null;
  /** The answer to how many it reached, 0 to 4; null: unknown. */
  readonly reach: number | null;
  /** Digests of the people concerned, bounded. */
  readonly subjects: readonly string[];
}

export const ACCUMULATION_RULES = ['ACC.count', 'ACC.reach'] as const;
export type AccumulationRule = (typeof ACCUMULATION_RULES)[number];

/** Small incidents that together are a graver one. */
export interface Accumulation {
  readonly system: string;
  readonly archetype: Archetype;
  readonly control: string | null;
  readonly children: readonly { readonly incident: IncidentId; readonly label: string; readonly severity: Severity }[];
  /** One level more severe than the most severe of them. */
  readonly severity: Severity;
  /** The reach of all together, where their people are known; null: not known. */
  readonly reach: number | null;
  readonly rules: readonly AccumulationRule[];
  readonly reasons: readonly string[];
}

/** The anchors of the question how many it reached, as counts of people. */
export function reachOfPeople(people: number): number {
  return people === 0 ? 0 : people === 1 ? 1 : people <= 100 ? 2 : people <= 10_000 ? 3 : 4;
}

const newestFirst = (a: Counted, b: Counted): number =>
  a.declaredAt < b.declaredAt ? 1 : a.declaredAt > b.declaredAt ? -1 : a.incident < b.incident ? 1 : -1;

/** Unknown versions contradict nothing; known ones have to overlap. */
const maySame = (a: Counted, b: Counted): boolean =>
  a.versions.length === 0 || b.versions.length === 0 || a.versions.some((each) => b.versions.includes(each));

function days(from: Instant, to: Instant): string {
  const count = Math.max(1, Math.ceil((Date.parse(to) - Date.parse(from)) / 86_400_000));
  return count === 1 ? 'one day' : `${count} days`;
}
const listed = (labels: readonly string[]): string =>
  labels.length <= 8 ? labels.join(', ') : `${labels.slice(0, 8).join(', ')} and ${labels.length - 8} more`;

function judge(system: string, group: readonly Counted[]): Accumulation | null {
  const [first] = group;
  if (first === undefined || first.archetype === null || group.length < 2) return null;
  const people = new Set(group.flatMap(({ subjects }) => subjects));
  const own = Math.max(
    ...group.map(({ reach, subjects }) => Math.max(reach ?? 0, reachOfPeople(new Set(subjects).size))),
  );
  const together = people.size === 0 ? null : reachOfPeople(people.size);
  const many = group.length >= ENOUGH;
  const crosses = together !== null && together > own;
  if (!many && !crosses) return null;
  const oldest = group.at(-1)!;
  const kind = first.archetype.replaceAll('-', ' ');
  const shared = group.reduce<readonly string[] | null>(
    (kept, { versions }) =>
      versions.length === 0 ? kept : kept === null ? versions : kept.filter((each) => versions.includes(each)),
    null,
  );
  const severity = Math.max(1, Math.min(...group.map((each) => each.severity)) - 1) as Severity;
  return {
    system,
    archetype: first.archetype,
    control: first.control,
    children: group.map(({ incident, label, severity: level }) => ({ incident, label, severity: level })),
    severity,
    reach: together,
    rules: [...(many ? (['ACC.count'] as const) : []), ...(crosses ? (['ACC.reach'] as const) : [])],
    reasons: [
      `${group.length} incidents of Sev 3 or 4 on ${system} within ${days(oldest.declaredAt, first.declaredAt)}: ${listed(group.map(({ label }) => label))}`,
      `all of them ${kind}`,
      shared === null || shared.length === 0
        ? 'the version is not known for all of them'
        : `all with ${shared.join(', ')}`,
      first.control === null
        ? 'no control was pulled in any of them'
        : `all answered with the same control: ${first.control}`,
      ...(crosses
        ? [`together at least ${people.size} different people, which is one step further than any of them alone`]
        : []),
    ],
  };
}

/**
 * The accumulation rule: three or more incidents of Sev 3 or 4 with the same system and version as far as known, kind of
 * failure and control within 14 days; or people concerned who together cross the next anchor of reach. An incident whose
 * kind of failure nobody knows is in none. Each incident stands in at most one group of a system.
 */
export function accumulations(counted: readonly Counted[], now: Instant): Accumulation[] {
  const since = addMs(now, -WINDOW_MS);
  const small = counted
    .filter(({ severity, archetype, declaredAt }) => severity >= 3 && archetype !== null && declaredAt >= since)
    .sort(newestFirst);
  const bins = new Map<string, { readonly system: string; readonly members: Counted[] }>();
  for (const each of small)
    for (const system of new Set(each.systems)) {
      const key = JSON.stringify([system, each.archetype, each.control]);
      const bin = bins.get(key);
      if (bin === undefined) bins.set(key, { system, members: [each] });
      else bin.members.push(each);
    }
  const found: Accumulation[] = [];
  for (const { system, members } of bins.values()) {
    let left = members;
    while (left.length > 1) {
      const [anchor, ...others] = left as [Counted, ...Counted[]];
      const group = [anchor, ...others.filter((each) => maySame(anchor, each))].slice(0, MOST_CHILDREN);
      const accumulation = judge(system, group);
      if (accumulation !== null) found.push(accumulation);
      left = accumulation === null ? others : left.filter((each) => !group.includes(each));
    }
  }
  return found;
}
