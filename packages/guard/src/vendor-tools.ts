type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** More tools than any vendor takes. */
const MOST_TOOLS = 1_000;
/** Where the shapes of OpenAI (old and new) and Anthropic list tools, and say that one of them has to be called. */
const LISTS = [
  { tools: 'tools', choice: 'tool_choice' },
  { tools: 'functions', choice: 'function_call' },
] as const;

/** The name of a tool as it is listed, chosen or called: of chat completions within `function` or `custom`, elsewhere beside it. */
function nameOf(tool: unknown): string | undefined {
  if (!isRecord(tool)) return undefined;
  const inner = [tool.function, tool.custom].find(isRecord) ?? tool;
  return typeof inner.name === 'string' ? inner.name : undefined;
}

/** A choice without the tools that are gone; undefined: nothing of it is left. Chat completions write a list of allowed ones one level deeper. */
function choiceWithout(choice: unknown, gone: ReadonlySet<string>): unknown {
  if (!isRecord(choice)) return choice;
  const forced = nameOf(choice);
  if (forced !== undefined) return gone.has(forced) ? undefined : choice;
  const { allowed_tools: deeper, tools } = choice;
  if (isRecord(deeper)) {
    const inner = choiceWithout(deeper, gone);
    return inner === undefined ? undefined : { ...choice, allowed_tools: inner };
  }
  if (!Array.isArray(tools)) return choice;
  const left = tools.filter((tool) => !gone.has(nameOf(tool) ?? ''));
  return left.length === 0 ? undefined : { ...choice, tools: left };
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
    if (left.length === 0) delete changed[tools];
    else changed[tools] = left;
    const chosen = left.length === 0 ? undefined : choiceWithout(body[choice], gone);
    if (chosen === undefined) delete changed[choice];
    else changed[choice] = chosen;
  }
  return changed && { body: changed, withheld };
}

const MOST_CALLS = 100;
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);

/** The names of tools that an answer, or one event of it, asks to be called. OpenAI, Anthropic and Gemini. */
export function callsIn(value: unknown): string[] {
  if (!isRecord(value)) return [];
  const asked: unknown[] = [];
  for (const { delta, message } of list(value.choices)) {
    const part = [delta, message].find(isRecord) ?? {};
    asked.push(...list(part.tool_calls), part.function_call);
  }
  for (const block of [...list(value.content), ...list([value.content_block])])
    if (block.type === 'tool_use') asked.push(block);
  for (const item of [...list(value.output), ...list([value.item])])
    if (item.type === 'function_call' || item.type === 'custom_tool_call') asked.push(item);
  for (const { content } of list(value.candidates))
    for (const part of list(isRecord(content) ? content.parts : undefined)) asked.push(part.functionCall);
  return asked
    .map(nameOf)
    .filter((name) => name !== undefined && name !== '')
    .slice(0, MOST_CALLS) as string[];
}
