import { type JsonObject, listOf, objectOf, part, textOf } from './json.ts';

export interface Edge {
  /** Pointer inside the step: `/on_true`. */
  readonly at: string;
  readonly to: string;
}

const NEXT = ['on_true', 'on_false', 'on_completion', 'on_success', 'on_failure'] as const;

/** Where a step can lead, branches first. */
export function edgesOf(step: JsonObject): Edge[] {
  const edges: Edge[] = [];
  listOf(step.next_steps).forEach((to, i) => {
    edges.push({ at: `/next_steps/${i}`, to: textOf(to) });
  });
  for (const [name, to] of Object.entries(objectOf(step.cases)))
    edges.push({ at: `/cases/${part(name)}`, to: textOf(to) });
  for (const at of NEXT) if (step[at] !== undefined) edges.push({ at: `/${at}`, to: textOf(step[at]) });
  return edges;
}

export interface Walk {
  readonly reached: ReadonlySet<string>;
  /** Step ids around one circle, first named again at the end, or null. */
  readonly circle: readonly string[] | null;
}

/** Every step that can be reached, and a circle if there is one. Without recursion, so that no file can exhaust the stack. */
export function walk(workflow: JsonObject, from: readonly string[]): Walk {
  const reached = new Set<string>();
  const open = new Set<string>();
  for (const root of from) {
    const path: { readonly id: string; readonly left: string[] }[] = [];
    const enter = (id: string) => {
      reached.add(id);
      open.add(id);
      path.push({
        id,
        left: edgesOf(objectOf(workflow[id]))
          .map((edge) => edge.to)
          .reverse(),
      });
    };
    if (workflow[root] !== undefined && !reached.has(root)) enter(root);
    while (path.length > 0) {
      const here = path.at(-1)!;
      const next = here.left.pop();
      if (next === undefined) {
        open.delete(here.id);
        path.pop();
      } else if (open.has(next)) {
        const ids = path.map((each) => each.id);
        return { reached, circle: [...ids.slice(ids.indexOf(next)), next] };
      } else if (!reached.has(next) && workflow[next] !== undefined) enter(next);
    }
  }
  return { reached, circle: null };
}

export interface Met {
  readonly id: string;
  /** The answers a step hangs on, outermost first; none where every way leads to it. */
  readonly when: readonly string[];
}

/** Every step once, no step before one that leads to it. The workflow runs in no circle. */
export function ordered(workflow: JsonObject, start: string, exception: string): Met[] {
  const { reached } = walk(workflow, [start, exception]);
  const waits = new Map<string, number>();
  for (const id of reached)
    for (const { to } of edgesOf(objectOf(workflow[id]))) waits.set(to, (waits.get(to) ?? 0) + 1);
  const when = new Map<string, readonly string[]>([[start, []]]);
  const ready = [start];
  if (exception !== '' && reached.has(exception) && !waits.has(exception)) {
    when.set(exception, ['if anything fails']);
    ready.unshift(exception);
  }
  const met: Met[] = [];
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    const step = objectOf(workflow[id]);
    const here = when.get(id) ?? [];
    met.push({ id, when: here });
    for (const { at, to } of edgesOf(step).reverse()) {
      const there = [...here, ...answerOf(step, at)];
      const before = when.get(to);
      when.set(to, before === undefined ? there : shared(before, there));
      const left = waits.get(to)! - 1;
      waits.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return met;
}

const shared = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const ends = a.findIndex((each, i) => each !== b[i]);
  return ends === -1 ? a : a.slice(0, ends);
};

function answerOf(step: JsonObject, at: string): string[] {
  const question = (textOf(step.name) || textOf(step.condition) || textOf(step.switch)).slice(0, 200);
  const [, member, answer] = at.split('/');
  if (member === 'on_true') return [step.type === 'while-condition' ? `while: ${question}` : `${question} yes`];
  if (member === 'on_false') return [`${question} no`];
  if (member === 'cases') return [`${question} ${answer}`];
  if (member === 'on_failure') return [`if this failed: ${question}`];
  return [];
}
