import type { Dialect } from './dialect.ts';
import { calledOf, conversation, countIn, hasPrefix, membersIn, structure, textOf, word } from './dialect.ts';

/** Genkit of Firebase: an action with its input and output. */
export const genkit: Dialect = {
  name: 'genkit',
  speaks: ({ attributes }) => hasPrefix(attributes, 'genkit:'),
  read: ({ attributes }) => {
    const kind = word(attributes, 'genkit:metadata:subtype', 'genkit:type');
    const request = membersIn(attributes.get('genkit:input'));
    const response = membersIn(attributes.get('genkit:output'));
    const usage = (response.usage ?? {}) as Readonly<Record<string, unknown>>;
    const named = word(attributes, 'genkit:name');
    const cut = named?.indexOf('/') ?? -1;
    const isModel = kind === 'model';
    const asked = conversation(request.messages, 'user');
    const said = response.message ?? (response.candidates as unknown[] | undefined)?.[0];
    const calls = conversation(said, 'assistant')?.calls ?? [];
    return {
      work: isModel
        ? 'llm'
        : kind === 'tool'
          ? 'tool'
          : kind === 'retriever'
            ? 'retrieval'
            : kind === null
              ? null
              : 'other',
      ...(isModel && {
        provider: named !== null && cut > 0 ? named.slice(0, cut) : null,
        modelAsked: named === null ? null : named.slice(cut + 1),
        input: asked?.messages ?? null,
        output: textOf(said),
        toolCalls: calls.length > 0 ? calls : null,
        results: asked?.results ?? null,
      }),
      ...(kind === 'tool' && {
        called: calledOf({
          name: named,
          arguments: attributes.get('genkit:input'),
          result: structure(attributes.get('genkit:output')),
        }),
      }),
      feature: word(attributes, 'genkit:metadata:flow:name'),
      session: word(attributes, 'genkit:sessionId'),
      inputTokens: countIn(usage, 'inputTokens'),
      outputTokens: countIn(usage, 'outputTokens'),
    };
  },
};
