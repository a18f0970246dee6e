import type { Settings } from '@firebreak/core/respond/containment';

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parts of messages that bring a file, an image or a recording, in the shapes of OpenAI and Anthropic. */
const FILES = /^(image|image_url|input_image|input_file|file|document|input_audio|video)$/;

/** Roles of what the system itself says. */
const OWN_WORDS: ReadonlySet<unknown> = new Set(['system', 'developer', 'assistant', 'model']);

interface Found {
  text: string;
  attachments: number;
}

function takeContent(into: Found, content: unknown): void {
  if (typeof content === 'string') into.text += `${into.text === '' ? '' : '\n'}${content}`;
  else if (Array.isArray(content))
    for (const part of content) {
      if (!isRecord(part)) continue;
      if (typeof part.type === 'string' && FILES.test(part.type)) into.attachments += 1;
      else if (part.inlineData !== undefined || part.fileData !== undefined) into.attachments += 1;
      else takeContent(into, part.text ?? part.content);
    }
}

/**
 * What people and tools put into a request to a model: words and number of files. What the system prompt says and what the
 * model answered before are its own, and left out. Chat completions, Responses, Messages, completions and Gemini.
 */
export function putIn(body: Json): { readonly text?: string; readonly attachments?: number } {
  const said = body.messages ?? body.input ?? body.prompt ?? body.contents;
  const into: Found = { text: '', attachments: 0 };
  if (typeof said === 'string') into.text = said;
  else if (Array.isArray(said))
    for (const each of said) {
      if (typeof each === 'string') takeContent(into, each);
      else if (isRecord(each) && !OWN_WORDS.has(each.role))
        takeContent(into, each.content ?? each.output ?? each.parts);
    }
  else return {};
  return into;
}

const least = (asked: unknown, most: number | undefined): unknown =>
  most === undefined ? asked : typeof asked === 'number' ? Math.min(asked, most) : most;

/** The request with its generation no freer than ordered. Settings of the application's own are the application's to obey. */
export function withSettings(body: Json, { temperature, topP, maxTokens }: Settings): Json {
  const tokens =
    'max_output_tokens' in body || ('input' in body && !('messages' in body))
      ? 'max_output_tokens'
      : 'max_completion_tokens' in body
        ? 'max_completion_tokens'
        : 'max_tokens';
  return {
    ...body,
    ...(temperature === undefined ? {} : { temperature: least(body.temperature, temperature) }),
    ...(topP === undefined ? {} : { top_p: least(body.top_p, topP) }),
    ...(maxTokens === undefined ? {} : { [tokens]: least(body[tokens], maxTokens) }),
  };
}
