import { type Asked, addMs, type Decision, type Instant, refuse } from '../../kernel/index.ts';
import { deployVersion, living, SKEW_MS, unknown } from './commands.ts';
import type { ChangeId, ChangeKind, ChangeRecorded, DeploymentId, InventoryFact, Versions } from './facts.ts';
import type { AiSystem, Inventory } from './system.ts';
import { textDiff } from './text-diff.ts';

const VERSION_OF: Partial<Record<ChangeKind, keyof Versions>> = {
  model: 'model',
  prompt: 'prompt',
  index: 'index',
  tool: 'tools',
};

export interface RecordChange {
  readonly change: ChangeId;
  readonly key: string;
  readonly kind: ChangeKind;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly text: string | null;
  readonly diff: string | null;
  readonly note: string;
  readonly source: string;
  readonly link: string;
  readonly occurredAt: Instant;
  /** The deployment whose version this moves, and the id used where the name is new; null: none. */
  readonly live: { readonly name: string; readonly deployment: DeploymentId } | null;
}

/**
 * Records one change. Where it says what a deployment now runs, the deployment's versions move with it. The version
 * before is taken from the deployment, the difference from the text of the change before it, where they are known.
 */
export function recordChange(state: Inventory, want: RecordChange, asked: Asked): Decision<InventoryFact> {
  const system = living(state);
  if (system === null) return unknown();
  if (want.occurredAt > addMs(asked.at, SKEW_MS))
    return refuse(
      'time.in-future',
      'A change cannot have happened in the future. Check the time and its zone.',
      '/occurredAt',
    );
  if (system.reports.some((each) => each.key === want.key)) return [];
  const member = VERSION_OF[want.kind];
  const { live, ...said } = want;
  const moved =
    member !== undefined && live !== null && want.to !== null
      ? deployVersion(state, { ...live, versions: { [member]: want.to }, occurredAt: want.occurredAt, note: '' }, asked)
      : [];
  if ('refused' in moved) return moved;
  const there = live === null ? undefined : system.deployments.find(({ name }) => name === live.name);
  const before = textBefore(system, want);
  return [
    ...moved,
    {
      type: 'change.recorded',
      data: {
        ...said,
        from: want.from ?? (member === undefined ? null : (there?.versions[member] ?? null)),
        deployment: moved.length > 0 ? (there?.id ?? live!.deployment) : null,
        diff: want.diff ?? (before === null || want.text === null ? null : textDiff(before, want.text)),
      },
    },
  ];
}

function textBefore(system: AiSystem, want: RecordChange): string | null {
  const earlier = system.reports.filter(
    (each) =>
      each.kind === want.kind &&
      each.subject === want.subject &&
      each.text !== null &&
      each.occurredAt <= want.occurredAt &&
      (want.from === null || each.to === want.from),
  );
  return earlier.at(-1)?.text ?? null;
}

/** One entry of the time line of a system. */
export interface TimeLineEntry {
  readonly id: string;
  readonly kind: ChangeKind;
  readonly subject: string;
  readonly from: string | null;
  readonly to: string | null;
  /** The deployment it went live on, by name, or null. */
  readonly deployment: string | null;
  readonly diff: string | null;
  readonly note: string;
  readonly source: string;
  readonly link: string;
  readonly occurredAt: Instant;
}

const KIND_OF = { model: 'model', prompt: 'prompt', index: 'index', tools: 'tool' } as const;
const MEMBERS = Object.keys(KIND_OF) as (keyof typeof KIND_OF)[];

/** Versions and changes of a system as one list, newest first. A change that moved a version stands in it once. */
export function timeLineOf(system: Pick<AiSystem, 'changes' | 'reports' | 'deployments'>): TimeLineEntry[] {
  const told = new Set(system.reports.filter((each) => each.deployment !== null).map(placeOf));
  const names = new Map(system.deployments.map(({ id, name }) => [id as string, name]));
  const before = new Map<string, Versions>();
  const versions = system.changes.flatMap((change): TimeLineEntry[] => {
    const earlier = before.get(change.deployment);
    before.set(change.deployment, change.versions);
    if (told.has(placeOf(change))) return [];
    const moved = MEMBERS.filter((each) => change.versions[each] !== earlier?.[each]);
    return moved.map((each) => ({
      id: `${change.deployment}/${change.occurredAt}/${each}`,
      kind: KIND_OF[each],
      subject: '',
      from: earlier?.[each] ?? null,
      to: change.versions[each] ?? null,
      deployment: change.name,
      diff: null,
      note: change.note,
      source: 'recorded',
      link: '',
      occurredAt: change.occurredAt,
    }));
  });
  const reports = system.reports.map(
    ({ change, deployment, text: _text, key: _key, ...each }: ChangeRecorded): TimeLineEntry => ({
      ...each,
      id: change,
      deployment: deployment === null ? null : (names.get(deployment) ?? null),
    }),
  );
  // The later told first, where two happened at the same moment.
  return [...versions, ...reports]
    .reverse()
    .sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : a.occurredAt > b.occurredAt ? -1 : 0));
}

const placeOf = ({ deployment, occurredAt }: { deployment: string | null; occurredAt: Instant }) =>
  `${deployment} ${occurredAt}`;
