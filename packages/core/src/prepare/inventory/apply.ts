import { type Decision, refuse } from '../../kernel/index.ts';
import { type Edge, edgeOf, findCycle } from './dependencies.ts';
import { type InventoryFact, type SystemDescription, type SystemId, type SystemParts, UNSAID } from './facts.ts';
import { partsOf, sameValue, sayCycle } from './parts.ts';
import type { Inventory } from './system.ts';

/** A system as a file says it. What the file leaves out stays as it is, or begins empty. */
export type WantedSystem = { readonly key: string } & {
  readonly [K in keyof (SystemDescription & SystemParts)]?: (SystemDescription & SystemParts)[K] | undefined;
};

/** A system as the inventory has it, as far as a file can say. */
export interface HeldSystem extends SystemDescription, SystemParts {
  readonly id: SystemId;
  readonly key: string;
  readonly retired: boolean;
}

export interface PlannedRow {
  /** Place in the file, from 0. */
  readonly row: number;
  readonly key: string;
  readonly action: 'create' | 'change' | 'same';
  readonly changes: readonly { readonly member: string; readonly from: unknown; readonly to: unknown }[];
}

export interface RowProblem {
  readonly row: number;
  readonly key: string | null;
  readonly pointer: string;
  readonly detail: string;
}

export interface ApplyPlan {
  readonly rows: readonly PlannedRow[];
  readonly problems: readonly RowProblem[];
}

export interface NumberedRow {
  readonly row: number;
  readonly want: WantedSystem;
}

const EMPTY: Omit<SystemDescription, 'name'> & SystemParts = {
  ...UNSAID,
  type: 'generative',
  purpose: '',
  owner: '',
  riskClass: 'unassessed',
  population: '',
  regions: [],
  vendor: '',
  features: [],
  tools: [],
  guardrails: [],
  dependencies: [],
  routes: [],
  budgets: [],
};
const DESCRIPTION = [
  'name',
  'type',
  'purpose',
  'owner',
  'riskClass',
  'population',
  'regions',
  'vendor',
  'architecture',
  'autonomy',
  'criticality',
  'logging',
] as const satisfies readonly (keyof SystemDescription)[];
const PARTS = ['features', 'tools', 'guardrails', 'dependencies', 'routes', 'budgets'] as const;
const MEMBERS = [...DESCRIPTION, ...PARTS];
/** Circles named one by one; a file with more of them than this is refused where they lie. */
const MOST_CIRCLES = 50;

const folded = (name: string): string => name.trim().toLowerCase();

/**
 * What a file of systems would do, row by row, and which rows cannot be taken and why. Rows that are wrong do not keep
 * the others out. Refused: a key or a name that stands twice, a name another system has, a retired system, a circle of
 * dependencies (the row that comes last in the file is the one to blame).
 */
export function planApply(held: readonly HeldSystem[], rows: readonly NumberedRow[]): ApplyPlan {
  const byKey = new Map(held.map((each) => [each.key, each]));
  const keysOfName = new Map(held.filter((each) => !each.retired).map((each) => [folded(each.name), each.key]));
  const rowOfKey = new Map<string, number>();
  const rowOfName = new Map<string, number>();
  const problems: RowProblem[] = [];
  const good: NumberedRow[] = [];
  for (const { row, want } of rows) {
    const there = byKey.get(want.key);
    const name = want.name ?? there?.name;
    const wrong = (pointer: string, detail: string) => problems.push({ row, key: want.key, pointer, detail });
    const twice = rowOfKey.get(want.key);
    if (twice !== undefined) {
      wrong('/key', `the key “${want.key}” stands in row ${twice + 1} already; every system stands once`);
      continue;
    }
    if (there?.retired) {
      wrong('/key', `“${want.key}” has been retired; choose another key`);
      continue;
    }
    if (name === undefined) {
      wrong('/name', 'a system that is not registered yet needs a name');
      continue;
    }
    const alike = rowOfName.get(folded(name));
    if (alike !== undefined) {
      wrong('/name', `row ${alike + 1} is called “${name}” too; give them names that tell them apart`);
      continue;
    }
    const other = keysOfName.get(folded(name));
    if (other !== undefined && other !== want.key) {
      wrong(
        '/name',
        `the system “${other}” is called “${name}” already; choose a name that tells them apart, or use its key`,
      );
      continue;
    }
    rowOfKey.set(want.key, row);
    rowOfName.set(folded(name), row);
    good.push({ row, want });
  }
  const kept = withoutCircles(byKey, good, problems);
  return {
    rows: kept.map(({ row, want }) => planRow(row, want, byKey.get(want.key))),
    problems: problems.sort((a, b) => a.row - b.row),
  };
}

function planRow(row: number, want: WantedSystem, there: HeldSystem | undefined): PlannedRow {
  if (there === undefined)
    return {
      row,
      key: want.key,
      action: 'create',
      changes: MEMBERS.filter((member) => want[member] !== undefined).map((member) => ({
        member,
        from: null,
        to: want[member],
      })),
    };
  const changes = MEMBERS.filter((member) => want[member] !== undefined && !sameValue(want[member], there[member])).map(
    (member) => ({ member, from: there[member], to: want[member] }),
  );
  return { row, key: want.key, action: changes.length > 0 ? 'change' : 'same', changes };
}

function withoutCircles(
  held: ReadonlyMap<string, HeldSystem>,
  rows: readonly NumberedRow[],
  problems: RowProblem[],
): readonly NumberedRow[] {
  let good = rows;
  for (let round = 0; ; round++) {
    const inFile = new Set(good.map(({ want }) => want.key));
    const owners = new Map<string, NumberedRow>();
    const edges: Edge[] = [];
    const add = (key: string, dependencies: SystemParts['dependencies'], owner?: NumberedRow) => {
      for (const each of dependencies) {
        const edge = edgeOf(key, each);
        edges.push(edge);
        if (owner) owners.set(`${edge.needs}\n${edge.needed}`, owner);
      }
    };
    for (const each of held.values()) if (!inFile.has(each.key)) add(each.key, each.dependencies);
    for (const each of good)
      add(each.want.key, each.want.dependencies ?? held.get(each.want.key)?.dependencies ?? [], each);
    const path = findCycle(edges);
    if (path === null) return good;
    const blamed = path
      .slice(0, -1)
      .flatMap((needs, i) => owners.get(`${needs}\n${path[i + 1]}`) ?? [])
      .sort((a, b) => b.row - a.row);
    // A circle among systems that the file does not touch is not the file's.
    if (blamed.length === 0) return good;
    const out = round < MOST_CIRCLES ? blamed.slice(0, 1) : good.filter(({ want }) => want.dependencies?.length);
    for (const { row, want } of out)
      problems.push({
        row,
        key: want.key,
        pointer: '/dependencies',
        detail:
          round < MOST_CIRCLES
            ? `this closes a circle: ${sayCycle(path)}`
            : `the file closes more than ${MOST_CIRCLES} circles; mend those named and apply it again`,
      });
    good = good.filter((each) => !out.includes(each));
  }
}

/** One row of a file on one system. The plan has been made: keys, names and circles are in order. */
export function applyRow(state: Inventory, system: SystemId, want: WantedSystem): Decision<InventoryFact> {
  if (state?.retired) return refuse('system.unknown', `“${want.key}” has been retired.`);
  const { id: _id, ...before } = state ?? { id: null, ...EMPTY, name: want.name ?? want.key };
  const after = { ...before, ...Object.fromEntries(Object.entries(want).filter(([, value]) => value !== undefined)) };
  const description = Object.fromEntries(
    DESCRIPTION.map((member) => [member, after[member]]),
  ) as unknown as SystemDescription;
  const described = DESCRIPTION.some((member) => !sameValue(after[member], before[member]));
  const furnished = PARTS.some((member) => !sameValue(after[member], before[member]));
  return [
    ...(state === null
      ? [{ type: 'system.registered' as const, data: { system, key: want.key, ...description } }]
      : described
        ? [{ type: 'system.described' as const, data: description }]
        : []),
    ...(furnished ? [{ type: 'system.furnished' as const, data: partsOf(after) }] : []),
  ];
}

/**
 * A system as a file says it: what says nothing is left out, so that the file applied to a fresh inventory makes the
 * same system, and applied where it came from changes nothing.
 */
export function asFile(held: HeldSystem): WantedSystem {
  const said = MEMBERS.filter(
    (member) => member === 'name' || member === 'type' || !sameValue(held[member], EMPTY[member]),
  ).map((member) => [member, held[member]]);
  return { key: held.key, ...Object.fromEntries(said) };
}
