import { createGuard, type Guard } from '@firebreak/guard';
import OpenAI from 'openai';
import { type Article, findArticles } from './articles.ts';
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

export function featureOf(question: string): Feature {
  if (/\b(?:order|parcel|package|delivery|tracking|shipped)\b/i.test(question)) return 'order-status';
  if (
    /^\s*(?:hi|hello|hey|good (?:morning|evening|afternoon)|thanks?|thank you)\b/i.test(question) &&
    question.length < 60
  )
    return 'greeting';
  return 'policy-answers';
}

/** The record of orders, as a shop has one. */
function lookUpOrder(question: string): string {
  const number = /\d{3,8}/.exec(question)?.[0] ?? '';
  return number === '' ? 'No order number was given.' : `Order ${number} left the warehouse and is with the carrier.`;
}

/** The support bot: an ordinary application on the official OpenAI SDK, with guard and gateway in between. */
export class Bot {
  live: PromptVersion = 'v40';
  readonly #openai: OpenAI;

  private constructor(
    readonly guard: Guard,
    readonly tracing: Tracing,
    openaiUrl: string,
  ) {
    this.#openai = new OpenAI({
      apiKey: 'local-stand-in',
      baseURL: openaiUrl,
      maxRetries: 1,
      timeout: 15_000,
      defaultHeaders: { 'x-firebreak-system': SYSTEM },
    });
  }

  static async start(serverUrl: string, openaiUrl: string, guardKey: string, tracing: Tracing): Promise<Bot> {
    const guard = await createGuard({ url: serverUrl, key: guardKey, system: SYSTEM, bootFailMode: 'allow' });
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
    const traceparent = turn.calling();
    if (feature === 'policy-answers') turn.retrieved(question, articles);
    const instructions = promptText(prompt, articles);
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'system', content: instructions },
      { role: 'user', content: question },
      ...(feature === 'order-status'
        ? [
            {
              role: 'assistant' as const,
              content: null,
              tool_calls: [
                { id: 'call_1', type: 'function' as const, function: { name: 'look_up_order', arguments: '{}' } },
              ],
            },
            { role: 'tool' as const, tool_call_id: 'call_1', content: lookUpOrder(question) },
          ]
        : []),
    ];
    try {
      const stream = await this.#openai.chat.completions.create(
        { model: MODEL_ASKED, messages, stream: true, stream_options: { include_usage: true } },
        {
          headers: {
            'x-firebreak-feature': feature,
            'x-firebreak-prompt': prompt,
            'x-firebreak-user': customer,
            'x-firebreak-authenticated': 'true',
            traceparent,
          },
        },
      );
      let answer = '';
      let last: { id: string; model: string } | null = null;
      let usage: OpenAI.CompletionUsage | null = null;
      for await (const chunk of stream) {
        last = chunk;
        usage = chunk.usage ?? usage;
        const piece = chunk.choices[0]?.delta.content ?? '';
        answer += piece;
        if (piece !== '') said(piece);
      }
      turn.told({
        question,
        instructions,
        answer,
        responseId: last?.id ?? null,
        model: last?.model ?? null,
        inputTokens: usage?.prompt_tokens ?? null,
        outputTokens: usage?.completion_tokens ?? null,
      });
      return done(answer, { responseId: last?.id ?? null });
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
