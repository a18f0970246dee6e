import { createGuard, type Guard } from '@firebreak/guard';
import OpenAI from 'openai';
import { type Article, findArticles } from './articles.ts';
import { AGENT, OrderDesk, TOOLS } from './order-desk.ts';
import { isPrompt, type PromptVersion, promptText } from './prompts.ts';
import { MODEL_ASKED, SYSTEM } from './setup.ts';
import type { Tracing } from './tracing.ts';

export type Feature = 'policy-answers' | 'order-status' | 'greeting';

export interface Asked {
  readonly question: string;
  readonly customer: string;
  readonly session: string;
}

export interface Answered {
  readonly answer: string;
  readonly feature: Feature;
  /** The prompt version that answered; null where no model was asked. */
  readonly prompt: string | null;
  /** True where Firebreak stopped the answer. */
  readonly paused: boolean;
  readonly traceId: string;
  readonly responseId: string | null;
}

const PAUSED = 'A person will answer this question shortly.';
/** How often the model may ask for tools before it has to answer. */
const MOST_STEPS = 4;
const MOST_CALLS = 4;

export function featureOf(question: string): Feature {
  if (/\b(?:order|parcel|package|delivery|tracking|shipped)\b/i.test(question)) return 'order-status';
  if (
    /^\s*(?:hi|hello|hey|good (?:morning|evening|afternoon)|thanks?|thank you)\b/i.test(question) &&
    question.length < 60
  )
    return 'greeting';
  return 'policy-answers';
}

interface Heard {
  readonly answer: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly id: string | null;
  readonly model: string | null;
  readonly usage: OpenAI.CompletionUsage | null;
}

/** One stream to its end: words as they come, and the calls of tools the model asks for. */
async function heard(stream: AsyncIterable<OpenAI.ChatCompletionChunk>, said: (piece: string) => void): Promise<Heard> {
  let answer = '';
  let last: OpenAI.ChatCompletionChunk | null = null;
  let usage: OpenAI.CompletionUsage | null = null;
  const calls: { id: string; name: string; arguments: string }[] = [];
  for await (const chunk of stream) {
    last = chunk;
    usage = chunk.usage ?? usage;
    const delta = chunk.choices[0]?.delta;
    for (const part of delta?.tool_calls ?? []) {
      calls[part.index] ??= { id: '', name: '', arguments: '' };
      const call = calls[part.index]!;
      call.id += part.id ?? '';
      call.name += part.function?.name ?? '';
      call.arguments += part.function?.arguments ?? '';
    }
    const piece = delta?.content ?? '';
    answer += piece;
    if (piece !== '') said(piece);
  }
  return { answer, calls: calls.slice(0, MOST_CALLS), id: last?.id ?? null, model: last?.model ?? null, usage };
}

/** The support bot: an ordinary application on the official OpenAI SDK, with guard and gateway in between. */
export class Bot {
  live: PromptVersion = 'v40';
  readonly #openai: OpenAI;
  readonly #desk: OrderDesk;

  private constructor(
    readonly guard: Guard,
    readonly tracing: Tracing,
    openaiUrl: string,
  ) {
    this.#desk = new OrderDesk(guard);
    this.#openai = new OpenAI({
      apiKey: 'local-stand-in',
      baseURL: openaiUrl,
      maxRetries: 1,
      timeout: 15_000,
      defaultHeaders: { 'x-firebreak-system': SYSTEM },
    });
  }

  static async start(serverUrl: string, openaiUrl: string, guardKey: string, tracing: Tracing): Promise<Bot> {
    const { instance } = tracing;
    const guard = await createGuard({ url: serverUrl, key: guardKey, system: SYSTEM, instance, bootFailMode: 'allow' });
    return new Bot(guard, tracing, openaiUrl);
  }

  /** Answers one question; `said` gets the pieces as they come. Never throws. */
  async answer(
    { question, customer, session }: Asked,
    said: (piece: string) => void = () => undefined,
  ): Promise<Answered> {
    const feature = featureOf(question);
    const verdict = this.guard.check({ feature, prompt: this.live, subject: customer, authenticated: true });
    const asked = verdict.action === 'reroute' ? (verdict.to?.prompt ?? this.live) : this.live;
    const prompt: PromptVersion = isPrompt(asked) ? asked : this.live;
    const turn = this.tracing.turn({ feature, prompt, customer, session });
    const done = (answer: string, more: Partial<Answered> = {}): Answered => {
      turn.end();
      return { answer, feature, prompt, paused: false, traceId: turn.traceId, responseId: null, ...more };
    };
    if (verdict.action === 'deny') {
      const message = verdict.message ?? PAUSED;
      said(message);
      turn.failed('stopped by a hold');
      return done(message, { paused: true, prompt: null });
    }
    const articles: readonly Article[] = feature === 'policy-answers' ? findArticles(question) : [];
    const instructions = promptText(prompt, articles);
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: instructions },
      { role: 'user', content: question },
    ];
    const desk = feature === 'order-status' ? this.#desk : null;
    try {
      let last: Heard | null = null;
      for (let step = 0; step < MOST_STEPS; step += 1) {
        const traceparent = turn.calling();
        if (feature === 'policy-answers') turn.retrieved(question, articles);
        const stream = await this.#openai.chat.completions.create(
          {
            model: MODEL_ASKED,
            messages,
            stream: true,
            stream_options: { include_usage: true },
            ...(desk !== null && { tools: TOOLS }),
          },
          {
            headers: {
              'x-firebreak-feature': feature,
              'x-firebreak-prompt': prompt,
              'x-firebreak-user': customer,
              'x-firebreak-authenticated': 'true',
              traceparent,
              ...(desk !== null && { 'x-firebreak-agent': AGENT }),
            },
          },
        );
        last = await heard(stream, said);
        turn.told({
          question,
          instructions,
          answer: last.answer,
          responseId: last.id,
          model: last.model,
          inputTokens: last.usage?.prompt_tokens ?? null,
          outputTokens: last.usage?.completion_tokens ?? null,
        });
        if (desk === null || last.calls.length === 0) break;
        messages.push({
          role: 'assistant',
          content: null,
          tool_calls: last.calls.map(({ id, ...call }) => ({ id, type: 'function', function: call })),
        });
        for (const { id, ...call } of last.calls)
          messages.push({ role: 'tool', tool_call_id: id, content: await desk.call(call) });
      }
      return done(last?.answer ?? '', { responseId: last?.id ?? null });
    } catch (error) {
      const contained =
        error instanceof OpenAI.APIError && (error.status === 403 || error.headers?.get('x-firebreak-control') != null);
      turn.failed(contained ? 'stopped by a hold' : 'the model did not answer');
      const message = contained ? PAUSED : 'I cannot answer right now. Please try again in a moment.';
      said(message);
      return done(message, { paused: contained });
    }
  }

  stop(): void {
    this.guard.close();
  }
}
