import { canonical } from '../../evidence/index.ts';

export interface ToolCall {
  readonly id: string | null;
  readonly name: string;
  /** JSON text as the model wrote it; `null`: not captured. */
  readonly arguments: string | null;
  readonly result: string | null;
}

/** Calls of one interaction that are kept. */
export const MOST_TOOL_CALLS = 200;

/** Whether an id of a call can be that of one call only: some senders count their calls anew with each question. */
export const isOneCall = (id: string | null): id is string => id !== null && id.length >= 8;

function sameArguments(a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return true;
  try {
    return canonical(JSON.parse(a)) === canonical(JSON.parse(b));
  } catch {
    return false;
  }
}

const filled = (held: ToolCall, said: ToolCall): ToolCall =>
  (held.id !== null || said.id === null) &&
  (held.arguments !== null || said.arguments === null) &&
  (held.result !== null || said.result === null)
    ? held
    : {
        id: held.id ?? said.id,
        name: held.name,
        arguments: held.arguments ?? said.arguments,
        result: held.result ?? said.result,
      };

/**
 * Calls as two witnesses of one interaction tell of them, each once: by id; without one on either side by place, where name
 * and arguments agree. What is known is never overwritten. A call with an id that `held` has not is added. The same list
 * when nothing is new.
 */
export function mergedCalls(
  held: readonly ToolCall[] | null,
  said: readonly ToolCall[] | null,
): readonly ToolCall[] | null {
  if (said === null) return held;
  if (held === null) return said;
  const merged = [...held];
  let changed = false;
  for (const [place, call] of said.entries()) {
    let at = call.id === null ? -1 : merged.findIndex(({ id }) => id === call.id);
    const beside = held[place];
    if (
      at < 0 &&
      beside !== undefined &&
      (beside.id === null || call.id === null) &&
      beside.name === call.name &&
      sameArguments(beside.arguments, call.arguments)
    )
      at = place;
    if (at >= 0) {
      const it = filled(merged[at]!, call);
      changed ||= it !== merged[at];
      merged[at] = it;
    } else if (call.id !== null && held.every(({ id }) => id !== null) && merged.length < MOST_TOOL_CALLS) {
      merged.push(call);
      changed = true;
    }
  }
  return changed ? merged : held;
}

/** Something in which a call may have been asked for. Times are milliseconds since 1970. */
export interface Asker {
  /** `null`: not captured. */
  readonly toolCalls: readonly ToolCall[] | null;
  readonly endMs: number;
  /** Nobody captured what it asked for: what stands there was placed there. */
  readonly unsaid?: boolean;
}

/** Spans are exact to a millisecond only. */
const EXACT_MS = 1;

/**
 * Among interactions of one trace, the one that asked for a call that a tool then carried out, with its calls as they are
 * known by then: the one that names its id; else the newest one before it that asked for a tool of this name and has no
 * answer yet; else the one that has this answer already, told again; else the newest one before it of which nobody captured
 * what it asked for. `null`: none is known to.
 */
export function placeCall(
  call: ToolCall,
  beganMs: number,
  askers: readonly Asker[],
): { readonly asker: number; readonly toolCalls: readonly ToolCall[] } | null {
  const with_ = (asker: number, at: number): { asker: number; toolCalls: readonly ToolCall[] } => ({
    asker,
    toolCalls: askers[asker]!.toolCalls!.map((each, i) => (i === at ? filled(each, call) : each)),
  });
  const before = [...askers.entries()]
    .filter(([, { endMs }]) => endMs <= beganMs + EXACT_MS)
    .sort(([, a], [, b]) => b.endMs - a.endMs);
  if (call.id !== null)
    for (const answered of [false, true])
      for (const [i, { toolCalls }] of [...before, ...askers.entries()]) {
        const at = toolCalls?.findIndex(({ id, result }) => id === call.id && (answered || result === null)) ?? -1;
        if (at >= 0) return with_(i, at);
      }
  const open = (each: ToolCall): boolean =>
    each.name === call.name && each.result === null && (each.id === null || call.id === null);
  for (const alike of [true, false])
    for (const [i, { toolCalls }] of before) {
      const at =
        toolCalls?.findIndex((each) => open(each) && (!alike || sameArguments(each.arguments, call.arguments))) ?? -1;
      if (at >= 0) return with_(i, at);
    }
  const again = (each: ToolCall): boolean =>
    each.name === call.name &&
    (each.id === null || call.id === null) &&
    each.result !== null &&
    each.result === call.result &&
    sameArguments(each.arguments, call.arguments);
  for (const [i, { toolCalls }] of before) if (toolCalls?.some(again)) return { asker: i, toolCalls };
  const place = before.find(
    ([, { toolCalls, unsaid }]) =>
      (toolCalls === null || unsaid === true) && (toolCalls?.length ?? 0) < MOST_TOOL_CALLS,
  );
  return place === undefined ? null : { asker: place[0], toolCalls: [...(place[1].toolCalls ?? []), call] };
}
