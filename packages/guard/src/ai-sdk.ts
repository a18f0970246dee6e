import type { Asking, Verdict } from '@firebreak/core/respond/containment';
import { ContainedError } from './contained-error.ts';
import type { Guard, Question } from './guard.ts';

// The shapes of the AI SDK (`ai` 5, 6 and 7) that are touched here; the SDK itself is not needed.
interface Part {
  readonly type: string;
  readonly text?: string;
  readonly delta?: string;
  readonly [member: string]: unknown;
}
interface CallOptions {
  readonly prompt: readonly { readonly role: string; readonly content: string | readonly Part[] }[];
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxOutputTokens?: number;
  readonly abortSignal?: AbortSignal;
}
interface Model {
  readonly modelId: string;
  readonly provider: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the SDK gives its models differs by version.
  doGenerate(options: any): PromiseLike<any>;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  doStream(options: any): PromiseLike<any>;
}

/** What the SDK gives a middleware. */
export interface Wrapped {
  // biome-ignore lint/suspicious/noExplicitAny: as given by the SDK.
  readonly params: any;
  // biome-ignore lint/suspicious/noExplicitAny: as given by the SDK.
  readonly model: any;
}

export interface MiddlewareOptions {
  /** What is known of every call. */
  readonly asking?: Question | (() => Question);
  /** The model to use where another is ordered. Without it such a call is refused, never made with the withdrawn one. */
  readonly toModel?: (to: { readonly model?: string; readonly provider?: string }) => unknown;
  /** Waits for a person where answers are reviewed; without it such a call is refused. */
  readonly waitForReview?: boolean;
}

function wordsAsked(prompt: CallOptions['prompt']): Asking {
  const words: string[] = [];
  let attachments = 0;
  for (const { role, content } of prompt) {
    if (role === 'system' || role === 'assistant') continue;
    if (typeof content === 'string') words.push(content);
    else
      for (const part of content) {
        if (part.type === 'text' && part.text !== undefined) words.push(part.text);
        else if (part.type === 'file' || part.type === 'image') attachments += 1;
        else if (part.type === 'tool-result') words.push(JSON.stringify(part.output ?? ''));
      }
  }
  return { text: words.join('\n'), attachments };
}

const least = (asked: number | undefined, most: number | undefined) =>
  most === undefined ? asked : Math.min(asked ?? most, most);

/** For `wrapLanguageModel({ model, middleware: middleware(guard) })`: refuses, changes, ends and has reviewed what runs. */
export function middleware(guard: Guard, options: MiddlewareOptions = {}) {
  function begin(model: Model, params: CallOptions) {
    const base = typeof options.asking === 'function' ? options.asking() : options.asking;
    const asking: Question = {
      model: model.modelId,
      provider: model.provider.split('.')[0],
      ...wordsAsked(params.prompt),
      ...base,
    };
    const verdict = guard.admit(asking);
    if (verdict.action === 'deny') throw new ContainedError(verdict);
    if (verdict.action === 'review' && options.waitForReview !== true) throw new ContainedError(verdict);
    const { to = {}, settings = {} } = verdict;
    const other =
      to.model === undefined && to.provider === undefined ? model : (options.toModel?.(to) as Model | undefined);
    // Only the application can change its prompt: ask guard.resolvePrompt before, and say it in `asking`.
    if (other === undefined || to.prompt !== undefined) throw new ContainedError(verdict);
    const controller = new AbortController();
    const caller = params.abortSignal;
    const passOn = () => controller.abort(caller?.reason);
    if (caller?.aborted) passOn();
    else caller?.addEventListener('abort', passOn, { once: true });
    let kill: (error: ContainedError) => void = () => undefined;
    const served: Question = { ...asking, ...to };
    const landed = guard.track(served, (error) => {
      kill(error);
      controller.abort(error);
    });
    return {
      model: other,
      verdict,
      served,
      params: {
        ...params,
        temperature: least(params.temperature, settings.temperature),
        topP: least(params.topP, settings.topP),
        maxOutputTokens: least(params.maxOutputTokens, settings.maxTokens),
        abortSignal: controller.signal,
      },
      onKill(then: (error: ContainedError) => void) {
        kill = then;
        const reason: unknown = controller.signal.reason;
        if (controller.signal.aborted && reason instanceof ContainedError) then(reason);
      },
      done() {
        landed();
        caller?.removeEventListener('abort', passOn);
      },
    };
  }
  type Call = ReturnType<typeof begin>;

  function readAnswer(call: Call, text: string): void {
    const verdict = guard.check({ ...call.served, text, direction: 'output', running: true });
    if (verdict.action === 'deny') throw new ContainedError(verdict);
  }

  async function reviewed(call: Call, text: string, verdict: Verdict): Promise<string> {
    const { feature, subject, text: question } = call.served;
    const decision = await guard.review({
      text,
      queue: verdict.review ?? '',
      ...(question === undefined ? {} : { question }),
      ...(feature === undefined ? {} : { feature }),
      ...(subject === undefined ? {} : { subject }),
      ...(verdict.hold === undefined ? {} : { hold: verdict.hold }),
    });
    if (decision.state === 'edited') return decision.text ?? '';
    if (decision.state !== 'approved') throw new ContainedError(verdict);
    return text;
  }

  async function generate(call: Call) {
    try {
      const stopped = new Promise<never>((_, reject) => call.onKill(reject));
      stopped.catch(() => undefined);
      const result = await Promise.race([call.model.doGenerate(call.params), stopped]);
      const content = result.content as readonly Part[];
      const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      if (text !== '') readAnswer(call, text);
      if (call.verdict.action !== 'review') return result;
      const said = await Promise.race([reviewed(call, text, call.verdict), stopped]);
      if (said === text) return result;
      return { ...result, content: [...content.filter(({ type }) => type !== 'text'), { type: 'text', text: said }] };
    } finally {
      call.done();
    }
  }

  /** An answer that had to be whole before it could be given, as a stream. */
  async function whole(call: Call) {
    const result = await generate(call);
    const parts: object[] = [{ type: 'stream-start', warnings: result.warnings ?? [] }];
    (result.content as readonly Part[]).forEach((part, at) => {
      const id = `contained-${at}`;
      if (part.type === 'text')
        parts.push({ type: 'text-start', id }, { type: 'text-delta', id, delta: part.text }, { type: 'text-end', id });
      else if (part.type !== 'reasoning') parts.push(part);
    });
    parts.push({ type: 'finish', finishReason: result.finishReason, usage: result.usage });
    const stream = new ReadableStream<object>({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        controller.close();
      },
    });
    return { stream, request: result.request, response: result.response };
  }

  async function streamed(call: Call) {
    if (call.verdict.action === 'review') return whole(call);
    const stopped = new Promise<never>((_, reject) => call.onKill(reject));
    stopped.catch(() => undefined);
    let result: { readonly stream: ReadableStream<Part> };
    try {
      result = await Promise.race([call.model.doStream(call.params), stopped]);
    } catch (error) {
      call.done();
      throw error;
    }
    const reader = result.stream.getReader();
    let words = '';
    let over = false;
    const stream = new ReadableStream<Part>({
      start(controller) {
        call.onKill((error) => {
          if (over) return;
          over = true;
          controller.error(error);
          reader.cancel(error).catch(() => undefined);
        });
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (over) return;
          if (done) {
            over = true;
            call.done();
            return controller.close();
          }
          if (value.type === 'text-delta') {
            words = (words + (value.delta ?? '')).slice(-4_000);
            readAnswer(call, words);
          }
          controller.enqueue(value);
        } catch (error) {
          if (over) return;
          over = true;
          call.done();
          controller.error(error);
          reader.cancel(error).catch(() => undefined);
        }
      },
      cancel(reason) {
        over = true;
        call.done();
        return reader.cancel(reason);
      },
    });
    return { ...result, stream };
  }

  return {
    specificationVersion: 'v3' as const,
    wrapGenerate: async ({ params, model }: Wrapped) => generate(begin(model, params)),
    wrapStream: async ({ params, model }: Wrapped) => streamed(begin(model, params)),
  };
}

/** For `needsApproval` of a tool of the AI SDK: true where a person has to approve its calls. Wrap the tool itself with `guard.tool`. */
export function needsApproval(guard: Guard, question: Question & { readonly tool: string }) {
  return async (): Promise<boolean> => guard.check(question).action === 'review';
}

/** What the SDK says of a call that wants to be made. */
export interface ToolCalled {
  readonly toolCall: { readonly toolName: string; readonly [member: string]: unknown };
}

/**
 * For `toolApproval` of AI SDK 7, of all tools at once: denied where an order forbids the call, so that it never runs and the
 * model is told why; a person is asked where one has to look first.
 */
export function toolApproval(guard: Guard, asking: Question | (() => Question) = {}) {
  return ({ toolCall }: ToolCalled) => {
    const verdict = guard.admit({ ...(typeof asking === 'function' ? asking() : asking), tool: toolCall.toolName });
    if (verdict.action === 'deny') return { type: 'denied' as const, reason: new ContainedError(verdict).message };
    return verdict.action === 'review' ? ('user-approval' as const) : undefined;
  };
}
