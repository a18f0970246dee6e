import { canonical } from '../../../../evidence/index.ts';
import type { Attributes, Span } from './span.ts';

const MOST_TOOLS = 200;
const LONGEST_READ = 256 * 1024;
const FINGERPRINTS = [
  'openai.response.system_fingerprint',
  'gen_ai.openai.response.system_fingerprint',
  'gen_ai.response.system_fingerprint',
  'gen_ai.openai.system_fingerprint',
  'llm.openai.response.system_fingerprint',
  'llm.openai.system_fingerprint',
] as const;
/** An event that carries what the span may leave out. */
const DETAILS = 'gen_ai.client.inference.operation.details';

/** What the supplier calls the build that answered, by any of the names it stands under; at most 256 characters. */
export function fingerprintIn({ attributes }: Span): string | null {
  for (const name of FINGERPRINTS) {
    const said = attributes.get(name);
    if (typeof said === 'string' && said.trim() !== '') return said.trim().slice(0, 256);
  }
  return null;
}

/** `llm.tools.{i}.tool.json_schema`, or the members of `llm.request.functions.{i}`. */
function numbered(attributes: Attributes): string[] {
  const found: string[] = [];
  for (let i = 0; i < MOST_TOOLS; i++) {
    const schema = attributes.get(`llm.tools.${i}.tool.json_schema`);
    const at = `llm.request.functions.${i}`;
    const name = attributes.get(`${at}.name`);
    if (schema === undefined && name === undefined) break;
    found.push(
      typeof schema === 'string'
        ? schema
        : JSON.stringify(
            schema ?? {
              description: attributes.get(`${at}.description`) ?? null,
              name,
              parameters: attributes.get(`${at}.parameters`) ?? null,
            },
          ),
    );
  }
  return found;
}

/** Definitions of the tools that a call offered to the model, as JSON texts of one tool or of a list of them; `null`: not captured. */
export function toolsOffered({ attributes, events }: Span): readonly string[] | null {
  const said =
    attributes.get('gen_ai.tool.definitions') ??
    attributes.get('ai.prompt.tools') ??
    (events.length === 0
      ? undefined
      : events.find(({ name }) => name === DETAILS)?.attributes.get('gen_ai.tool.definitions'));
  if (said === undefined || said === null) {
    const found = numbered(attributes);
    return found.length === 0 ? null : found;
  }
  if (typeof said === 'string') return [said];
  return Array.isArray(said)
    ? said.map((it) => (typeof it === 'string' ? it : JSON.stringify(it)))
    : [JSON.stringify(said)];
}

function definitionsIn(text: string): string[] {
  if (text.length > LONGEST_READ) return [text];
  try {
    const read: unknown = JSON.parse(text);
    return (Array.isArray(read) ? read : [read]).map((it) => canonical(it));
  } catch {
    return [text];
  }
}

/** The same text for the same tools, in whatever order they and their members are listed; what is no JSON stands as it came. */
export const toolsText = (offered: readonly string[]): string => offered.flatMap(definitionsIn).sort().join('\n');
