import type { ToolCall } from '../../interaction.ts';
import { type Asker, isOneCall, MOST_TOOL_CALLS, placeCall } from '../../tool-calls.ts';
import type { Node, Nodes } from './nodes.ts';

/** A call that a tool carried out, as its spans tell. */
export interface ToolWork {
  /** The outermost of its spans. */
  readonly node: Node;
  readonly parents: readonly Node[];
  readonly call: ToolCall;
}

/** An interaction as calls are handed to it; its list is replaced. */
export interface Asking {
  readonly node: Node;
  readonly unsaid: boolean;
  toolCalls: readonly ToolCall[] | null;
}

const same = (a: ToolCall, b: ToolCall): boolean =>
  a.id !== null && b.id !== null ? a.id === b.id : a.name === b.name || a.name === '' || b.name === '';
const both = (a: ToolCall, b: ToolCall): ToolCall => ({
  id: a.id ?? b.id,
  name: a.name || b.name,
  arguments: a.arguments ?? b.arguments,
  result: a.result ?? b.result,
});

/** Calls of the spans of tools, each once: a framework and a client within it, or two instrumentations, tell of the same one. */
export function toolWorks(nodes: Nodes): ToolWork[] {
  const works = new Map<Node, ToolWork>();
  const byId = new Map<string, Node>();
  const tools = nodes.all.filter(({ reading }) => reading.work === 'tool' && reading.called !== null);
  const depth = new Map(tools.map((node) => [node, nodes.parentsOf(node)] as const));
  for (const node of [...tools].sort((a, b) => depth.get(a)!.length - depth.get(b)!.length)) {
    const call = node.reading.called!;
    const parents = depth.get(node)!;
    const place = !isOneCall(call.id) ? null : `${node.span.traceId}:${call.id}`;
    const around = parents.find((it) => it.isCall || works.has(it));
    const outer =
      (place === null ? undefined : byId.get(place)) ??
      (around !== undefined && works.has(around) && same(works.get(around)!.call, call) ? around : undefined);
    const first = outer === undefined ? node : outer;
    const held = works.get(first);
    works.set(first, held === undefined ? { node, parents, call } : { ...held, call: both(held.call, call) });
    if (place !== null) byId.set(place, first);
  }
  return [...works.values()]
    .map((it) => (it.call.name === '' ? { ...it, call: { ...it.call, name: it.node.span.name.slice(0, 256) } } : it))
    .filter(({ call }) => call.name.trim() !== '')
    .sort((a, b) => a.node.span.startMs - b.node.span.startMs);
}

/** Interactions of a trace among which the one that asked for a call is looked for. */
const MOST_ASKERS = 50;
const placeOf = ({ span }: Node, id: string): string => `${span.traceId}:${id}`;

/** The newest interactions of a trace that had ended before; sorted by their ends. */
function latest(there: readonly Asking[], beganMs: number): readonly Asking[] {
  let from = 0;
  let to = there.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (there[middle]!.node.span.endMs <= beganMs + 1) from = middle + 1;
    else to = middle;
  }
  return there.slice(Math.max(0, from - MOST_ASKERS), from);
}

/**
 * Hands calls to the interactions that asked for them, and answers told later to the calls they belong to. Returns the calls
 * that no interaction of the request is known to have asked for.
 */
export function handOut(nodes: Nodes, works: readonly ToolWork[], asking: readonly Asking[]): ToolWork[] {
  const traces = new Map<string | null, Asking[]>();
  const byNode = new Map<Node, Asking>();
  const byId = new Map<string, Asking[]>();
  for (const it of asking) {
    byNode.set(it.node, it);
    const { traceId } = it.node.span;
    const there = traces.get(traceId);
    if (there === undefined) traces.set(traceId, [it]);
    else there.push(it);
  }
  for (const there of traces.values()) {
    there.sort((a, b) => a.node.span.endMs - b.node.span.endMs);
    for (const it of there)
      for (const { id } of it.toolCalls ?? []) {
        if (id === null) continue;
        const place = placeOf(it.node, id);
        const named = byId.get(place) ?? [];
        byId.set(place, [...named.slice(1 - MOST_ASKERS), it]);
      }
  }
  const alone = works.filter(({ node, parents, call }) => {
    const { traceId, startMs } = node.span;
    const named = call.id === null ? undefined : byId.get(placeOf(node, call.id));
    const there = named !== undefined ? named : traceId === null ? [] : latest(traces.get(traceId) ?? [], startMs);
    const askers = there.map(
      ({ node: { span }, toolCalls, unsaid }): Asker => ({ toolCalls, endMs: span.endMs, unsaid }),
    );
    const placed = placeCall(call, startMs, askers);
    if (placed !== null) {
      there[placed.asker]!.toolCalls = placed.toolCalls;
      return false;
    }
    // What runs beneath a call of a model is that call's, also where nobody captured that it was asked for.
    const around = parents.map((each) => byNode.get(each)).find((it) => it !== undefined);
    if (around === undefined || (around.toolCalls?.length ?? 0) >= MOST_TOOL_CALLS) return true;
    around.toolCalls = [...(around.toolCalls ?? []), call];
    return false;
  });
  for (const node of nodes.all)
    for (const { id, result } of node.reading.results ?? []) {
      const named = byId.get(placeOf(node, id)) ?? [];
      const isOpen = (it: Asking): boolean => it.toolCalls!.some((call) => call.id === id && call.result === null);
      const it = latest(named, node.span.startMs).findLast(isOpen) ?? named.find(isOpen);
      if (it !== undefined)
        it.toolCalls = it.toolCalls!.map((call) =>
          call.id === id && call.result === null ? { ...call, result } : call,
        );
    }
  return alone;
}
