import type { Bench } from './bench.ts';
import { walk } from './flow.ts';
import { type Json, type JsonObject, listOf, objectOf, part, textOf } from './json.ts';

/** Finds the start, leaves out what no path reaches, and keeps the exception only where there is such a step. */
export function repairFlow(
  workflow: Record<string, JsonObject>,
  read: JsonObject,
  bench: Bench,
  out: Record<string, Json>,
): void {
  const named = bench.steps.get(textOf(read.workflow_start)) ?? '';
  const starts = Object.keys(workflow).filter((id) => workflow[id]!.type === 'start');
  const start = workflow[named]?.type === 'start' ? named : (starts[0] ?? '');
  if (start !== named && start !== '')
    bench.warn('/workflow_start', `It did not name a start step; ${start} is taken.`);
  if (start === '') return;
  out.workflow_start = start;
  const exception = bench.steps.get(textOf(read.workflow_exception));
  if (exception) out.workflow_exception = exception;
  else if (out.workflow_exception !== undefined) {
    bench.warn('/workflow_exception', 'There is no such step; it was left out.');
    delete out.workflow_exception;
  }
  const { reached, circle } = walk(workflow, [start, exception ?? '']);
  if (circle) return;
  for (const [old, id] of bench.steps)
    if (workflow[id] && !reached.has(id)) {
      bench.warn(
        `/workflow/${part(old)}`,
        `No path leads to “${textOf(workflow[id]!.name) || old}”; it was left out. The text as it was read is kept.`,
      );
      delete workflow[id];
    }
}

/** References that lead nowhere, and paths that stop, go to an end step of their own. */
export function addEnds(workflow: Record<string, JsonObject>, bench: Bench): void {
  const oldOf = new Map([...bench.steps].map(([old, id]) => [id, old]));
  const endOf = (id: string, where: string): string => {
    const end = bench.idOf('end', `${id}${where}`);
    workflow[end] = { type: 'end' };
    return end;
  };
  for (const [id, step] of Object.entries(workflow)) {
    const at = `/workflow/${part(oldOf.get(id) ?? id)}`;
    const held = (to: string, where: string): string => {
      if (workflow[to] !== undefined) return to;
      bench.warn(`${at}${where}`, `This led to “${to}”, which is not a step; it ends here.`);
      return endOf(id, where);
    };
    const next: Record<string, Json> = { ...step };
    for (const member of ['on_completion', 'on_success', 'on_failure', 'on_true', 'on_false'])
      if (typeof step[member] === 'string') next[member] = held(step[member], `/${member}`);
    if (step.next_steps !== undefined) {
      const list = listOf(step.next_steps).map((to, i) => held(textOf(to), `/next_steps/${i}`));
      while (list.length > 0 && list.length < 2) list.push(endOf(id, `/next_steps/${list.length}`));
      next.next_steps = list;
    }
    if (step.cases !== undefined)
      next.cases = Object.fromEntries(
        Object.entries(objectOf(step.cases)).map(([answer, to]) => [
          answer,
          held(textOf(to), `/cases/${part(answer)}`),
        ]),
      );
    const onward = ['start', 'action', 'playbook-action'].includes(textOf(step.type));
    if (onward && next.on_completion === undefined && next.on_success === undefined && next.on_failure === undefined) {
      bench.warn(at, 'The path stopped here; an end was added.');
      next.on_completion = endOf(id, '/on_completion');
    }
    workflow[id] = next;
  }
}
