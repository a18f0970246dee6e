import { canonical } from '../../evidence/index.ts';
import type { PlaybookContent, PlaybookStep } from './playbook.ts';

export interface StepChange {
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  readonly key: string;
  readonly before: PlaybookStep | null;
  readonly after: PlaybookStep | null;
  /** Members of the step that differ. */
  readonly members: readonly string[];
}

export interface PlaybookDiff {
  /** Members of the playbook itself that differ, as they were and are. */
  readonly head: readonly { readonly member: string; readonly before: string; readonly after: string }[];
  /** In the order of the newer version, removed steps last. */
  readonly steps: readonly StepChange[];
}

const HEAD = ['name', 'summary', 'archetype', 'systemType'] as const;

/** What changed between two versions. A step is followed by its key; it moved when its neighbours that stayed are others. */
export function diffPlaybooks(before: PlaybookContent, after: PlaybookContent): PlaybookDiff {
  const old = new Map(before.steps.map((step) => [step.key, step]));
  const now = new Map(after.steps.map((step) => [step.key, step]));
  const kept = (steps: readonly PlaybookStep[]) =>
    steps.filter((s) => old.has(s.key) && now.has(s.key)).map((s) => s.key);
  const stayed = longestShared(kept(before.steps), kept(after.steps));
  const steps: StepChange[] = [];
  for (const step of after.steps) {
    const was = old.get(step.key) ?? null;
    if (was === null) {
      steps.push({ change: 'added', key: step.key, before: null, after: step, members: [] });
      continue;
    }
    const members = (Object.keys(step) as (keyof PlaybookStep)[]).filter(
      (member) => canonical(step[member]) !== canonical(was[member]),
    );
    if (members.length > 0) steps.push({ change: 'changed', key: step.key, before: was, after: step, members });
    else if (!stayed.has(step.key))
      steps.push({ change: 'moved', key: step.key, before: was, after: step, members: [] });
  }
  for (const step of before.steps)
    if (!now.has(step.key)) steps.push({ change: 'removed', key: step.key, before: step, after: null, members: [] });
  const head = HEAD.filter((member) => before[member] !== after[member]).map((member) => ({
    member,
    before: before[member],
    after: after[member],
  }));
  return { head, steps };
}

/** Keys of a longest common subsequence; quadratic, over at most 200 steps. */
function longestShared(a: readonly string[], b: readonly string[]): Set<string> {
  const best: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!);
  const shared = new Set<string>();
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      shared.add(a[i]!);
      i++;
      j++;
    } else if (best[i + 1]![j]! >= best[i]![j + 1]!) i++;
    else j++;
  }
  return shared;
}
