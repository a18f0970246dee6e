export type Json = Readonly<Record<string, unknown>>;
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first revision without sessions: requests say by themselves what they are. */
const STATELESS_SINCE = '2026-07-28';
const VERSION_META = 'io.modelcontextprotocol/protocolVersion';
/** JSON-RPC 2.0 section 5.1, and `HEADER_MISMATCH` of MCP 2026-07-28. */
export const RPC = { parse: -32700, invalid: -32600, internal: -32603, mismatch: -32020, denied: -32040 } as const;

export type RequestId = string | number;

/** One JSON-RPC message, with the text it was read from. */
export interface Message {
  readonly text: string;
  readonly json: Json;
  /** Absent: an answer. */
  readonly method: string | undefined;
  /** Absent: a notification. */
  readonly id: RequestId | undefined;
  readonly params: Json;
}

/** What is not passed on, with the code of the error that says so. */
export class BadMessage extends Error {
  constructor(
    readonly code: number,
    why: string,
    readonly id: RequestId | null = null,
  ) {
    super(why);
  }
}

const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', 'id', 'method', 'params', 'result', 'error']);
const NAMED: ReadonlySet<string> = new Set(['name', 'arguments', 'uri', '_meta']);

/** A member that stands twice in one object of a JSON text, which is read differently by different readers. */
function repeatedMember(text: string): string | undefined {
  const open: (Set<string> | null)[] = [];
  let atKey = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      let end = at + 1;
      while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
      const keys = open.at(-1);
      if (atKey && keys) {
        const key = JSON.parse(text.slice(at, end + 1)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
        atKey = false;
      }
      at = end;
    } else if (char === '{') {
      open.push(new Set());
      atKey = true;
    } else if (char === '[') {
      open.push(null);
      atKey = false;
    } else if (char === '}' || char === ']') {
      open.pop();
      atKey = false;
    } else if (char === ',') atKey = open.at(-1) != null;
  }
  return undefined;
}

/**
 * Reads one message so strictly that whoever it is passed on to reads the same: no member twice, none but those of JSON-RPC,
 * none that differs from one by its case alone. Throws BadMessage. Batches are of an older revision and are not taken.
 */
export function readMessage(text: string): Message {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new BadMessage(RPC.parse, 'The message is not JSON.');
  }
  if (Array.isArray(json)) throw new BadMessage(RPC.invalid, 'Send messages one by one; batches are not taken here.');
  if (!isJson(json) || json.jsonrpc !== '2.0') throw new BadMessage(RPC.invalid, 'The message is not JSON-RPC 2.0.');
  const id = typeof json.id === 'string' || typeof json.id === 'number' ? json.id : undefined;
  const bad = (why: string) => new BadMessage(RPC.invalid, why, id ?? null);
  for (const name of Object.keys(json))
    if (!MEMBERS.has(name)) throw bad(`JSON-RPC has no member “${name.slice(0, 40)}”.`);
  if (json.method !== undefined && typeof json.method !== 'string') throw bad('The method has to be a text.');
  if (json.method !== undefined && json.id !== undefined && id === undefined)
    throw bad('The id has to be a text or a number.');
  const params = isJson(json.params) ? json.params : {};
  if (json.method !== undefined)
    for (const name of Object.keys(params))
      if (!NAMED.has(name) && NAMED.has(name.toLowerCase()))
        throw bad(`Write “${name.toLowerCase()}” in small letters.`);
  const twice = repeatedMember(text);
  if (twice !== undefined) throw bad(`“${twice.slice(0, 40)}” stands twice in one object.`);
  return { text, json, method: json.method as string | undefined, id, params };
}

/** The revision a request names in itself; undefined: none, so it is of the era of sessions. */
export function versionOf({ params }: Message): string | undefined {
  const meta = params._meta;
  const version = isJson(meta) ? meta[VERSION_META] : undefined;
  return typeof version === 'string' ? version : undefined;
}

export const isStateless = (version: string | undefined): boolean =>
  version !== undefined && version >= STATELESS_SINCE;

/** Which member `Mcp-Name` repeats, by method. */
const NAME_OF: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};
const BASE64 = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/;

/** A header value as MCP writes it: plain, or `=?base64?…?=`. */
function headerValue(text: string): string {
  const [, encoded] = BASE64.exec(text.trim()) ?? [];
  return encoded === undefined ? text.trim() : Buffer.from(encoded, 'base64').toString('utf8');
}

export interface MessageHeaders {
  readonly version: string | undefined;
  readonly method: string | undefined;
  readonly name: string | undefined;
}

/**
 * How headers and body disagree, as a sentence. The body decides; a header that says something else would walk a call past
 * whoever reads headers only. MCP 2026-07-28 asks for all three; before it they may be absent, and may not lie either.
 */
export function disagreement(message: Message, headers: MessageHeaders): string | undefined {
  const { method, params } = message;
  const named = versionOf(message);
  const needed =
    method !== undefined && message.id !== undefined && (isStateless(named) || isStateless(headers.version));
  if (named !== undefined && headers.version !== undefined && named !== headers.version)
    return `MCP-Protocol-Version says ${headers.version}, the body ${named}.`;
  if (needed && method !== 'initialize' && (headers.version === undefined || named === undefined))
    return 'The revision has to stand in MCP-Protocol-Version and in the body.';
  if (headers.method === undefined) {
    if (needed) return 'Mcp-Method is missing.';
  } else if (method === undefined || headerValue(headers.method) !== method)
    return `Mcp-Method says “${headers.method.slice(0, 80)}”, the body “${String(method).slice(0, 80)}”.`;
  const member = method !== undefined && Object.hasOwn(NAME_OF, method) ? NAME_OF[method] : undefined;
  const name = member === undefined ? undefined : params[member];
  if (headers.name === undefined) {
    if (needed && typeof name === 'string') return 'Mcp-Name is missing.';
  } else if (typeof name === 'string' && headerValue(headers.name) !== name)
    return `Mcp-Name says “${headers.name.slice(0, 80)}”, the body “${name.slice(0, 80)}”.`;
  return undefined;
}
