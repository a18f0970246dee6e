type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MOST_NAMED = 20;

/** Names as they may stand in a header. */
export const headerOf = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMED).map(encodeURIComponent).join(', ');

/** More tools than any vendor takes. */
const MOST_TOOLS = 1_000;
/** Where the shapes of OpenAI (old and new) and Anthropic list tools, and say that one of them has to be called. */
const LISTS = [
  { tools: 'tools', choice: 'tool_choice' },
  { tools: 'functions', choice: 'function_call' },
] as const;

/** The name of a tool as it is listed or chosen: of chat completions within `function`, elsewhere beside it. */
function nameOf(tool: unknown): string | undefined {
  if (!isRecord(tool)) return undefined;
  const name = isRecord(tool.function) ? tool.function.name : tool.name;
  return typeof name === 'string' ? name : undefined;
}

/**
 * The request with the tools left out that may not be called, and their names; undefined where all may. A model that is not
 * offered a tool works on with the others. A choice that forces one that is left out is left out as well.
 */
export function withoutTools(
  body: Json,
  mayCall: (tool: string) => boolean,
): { readonly body: Json; readonly withheld: readonly string[] } | undefined {
  let changed: Record<string, unknown> | undefined;
  const withheld: string[] = [];
  for (const { tools, choice } of LISTS) {
    const listed = body[tools];
    if (!Array.isArray(listed) || listed.length > MOST_TOOLS) continue;
    const gone = new Set<string>();
    const left = listed.filter((tool) => {
      const name = nameOf(tool);
      if (name === undefined || mayCall(name)) return true;
      gone.add(name);
      return false;
    });
    if (gone.size === 0) continue;
    withheld.push(...gone);
    changed ??= { ...body };
    const forced = nameOf(body[choice]);
    if (left.length === 0) delete changed[tools];
    else changed[tools] = left;
    if (left.length === 0 || (forced !== undefined && gone.has(forced))) delete changed[choice];
  }
  return changed && { body: changed, withheld };
}
