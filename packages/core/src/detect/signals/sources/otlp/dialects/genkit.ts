import type { Dialect } from './dialect.ts';
import { conversation, countIn, hasPrefix, membersIn, textOf, word } from './dialect.ts';

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
        input: conversation(request.messages, 'user')?.messages ?? null,
        output: textOf(response.message ?? (response.candidates as unknown[] | undefined)?.[0]),
      }),
      feature: word(attributes, 'genkit:metadata:flow:name'),
      session: word(attributes, 'genkit:sessionId'),
      inputTokens: countIn(usage, 'inputTokens'),
      outputTokens: countIn(usage, 'outputTokens'),
    };
  },
};
