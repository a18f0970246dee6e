import type { Guard, Question } from './guard.ts';

interface Serialized {
  readonly id?: readonly string[];
  readonly name?: string;
}

/** `text` of messages that people and tools wrote. */
function wordsOf(batches: readonly (readonly unknown[])[]): string {
  const words: string[] = [];
  for (const message of batches.flat()) {
    const { content, getType, _getType } = message as {
      content?: unknown;
      getType?: () => string;
      _getType?: () => string;
    };
    const type = (getType ?? _getType)?.call(message);
    if (type === 'system' || type === 'ai') continue;
    if (typeof content === 'string') words.push(content);
    else if (Array.isArray(content))
      for (const part of content as { text?: unknown }[]) if (typeof part.text === 'string') words.push(part.text);
  }
  return words.join('\n');
}

/**
 * For `callbacks` of LangChain: throws before models, tools and retrievers are called. LangChain swallows what handlers throw
 * unless they say `raiseError`, and does not wait for them unless they say `awaitHandlers`: this one says both.
 */
export function callbackHandler(guard: Guard, asking: Question | (() => Question) = {}) {
  const known = () => (typeof asking === 'function' ? asking() : asking);
  const model = (extra: Readonly<Record<string, unknown>> | undefined) => {
    const { model, model_name } = (extra?.invocation_params ?? {}) as Record<string, unknown>;
    const name = model ?? model_name;
    return typeof name === 'string' ? { model: name } : {};
  };
  /** What only the application can change, it has to ask for itself; what is not asked for is not run. */
  function enforce(question: Question): void {
    guard.enforce(question);
  }
  return {
    name: 'firebreak',
    raiseError: true,
    awaitHandlers: true,
    ignoreLLM: false,
    ignoreChain: true,
    // Tools count as agents there.
    ignoreAgent: false,
    ignoreRetriever: false,
    ignoreCustomEvent: true,
    copy() {
      return this;
    },
    handleChatModelStart(
      _: unknown,
      messages: readonly (readonly unknown[])[],
      _run: string,
      _parent?: string,
      extra?: Readonly<Record<string, unknown>>,
    ) {
      enforce({ ...model(extra), text: wordsOf(messages), ...known() });
    },
    handleLLMStart(
      _: unknown,
      prompts: readonly string[],
      _run: string,
      _parent?: string,
      extra?: Readonly<Record<string, unknown>>,
    ) {
      enforce({ ...model(extra), text: prompts.join('\n'), ...known() });
    },
    handleToolStart(
      tool: Serialized,
      _input: string,
      _run: string,
      _parent?: string,
      _tags?: readonly string[],
      _metadata?: object,
      name?: string,
    ) {
      enforce({ ...known(), tool: name ?? tool.name ?? tool.id?.at(-1) ?? 'unnamed' });
    },
    handleRetrieverStart(
      retriever: Serialized,
      _query: string,
      _run: string,
      _parent?: string,
      _tags?: readonly string[],
      metadata?: Readonly<Record<string, unknown>>,
      name?: string,
    ) {
      const index = metadata?.index;
      enforce({
        ...known(),
        index: typeof index === 'string' ? index : (name ?? retriever.name ?? retriever.id?.at(-1) ?? 'unnamed'),
      });
    },
  };
}
