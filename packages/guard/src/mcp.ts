import { ContainedError } from './contained-error.ts';
import type { Guard, Question } from './guard.ts';
import { allowed, whileAllowed } from './wraps.ts';

export interface McpOptions extends Question {
  readonly waitForReview?: boolean;
  /** `answer` (default): the agent is told by a result with `isError` and goes on. `throw`: ContainedError. */
  readonly onStop?: 'answer' | 'throw';
}

interface CallRequest {
  readonly name: string;
  readonly arguments?: unknown;
}
interface RequestOptions {
  readonly signal?: AbortSignal;
}
// biome-ignore lint/suspicious/noExplicitAny: results differ by version of the protocol.
type CallTool = (request: CallRequest, schema?: any, options?: RequestOptions) => Promise<any>;

/** A client of the Model Context Protocol that asks before each `callTool`, and ends a call whose tool is revoked meanwhile. */
export function guardClient<C extends object>(guard: Guard, client: C, options: McpOptions = {}): C {
  const { onStop = 'answer', ...rest } = options;
  const inner = (client as { callTool?: CallTool }).callTool;
  if (typeof inner !== 'function') throw new TypeError('the guard wraps a client of the MCP SDK: it has callTool');

  const callTool: CallTool = async (request, schema, requestOptions) => {
    const { waitForReview: _, ...question } = { ...rest, tool: request.name };
    try {
      await allowed(guard, { ...rest, tool: request.name }, request.arguments);
      return await whileAllowed(guard, question, () => {
        // Tells the server that nobody waits any more.
        const controller = new AbortController();
        const landed = guard.track(question, (error) => controller.abort(error));
        const caller = requestOptions?.signal;
        const signal = caller === undefined ? controller.signal : AbortSignal.any([caller, controller.signal]);
        return inner.call(client, request, schema, { ...requestOptions, signal }).finally(landed);
      });
    } catch (error) {
      if (!(error instanceof ContainedError) || onStop === 'throw') throw error;
      const { hold, control } = error.verdict;
      return {
        isError: true,
        content: [{ type: 'text', text: error.message }],
        _meta: { 'firebreak/hold': hold, ...(control === undefined ? {} : { 'firebreak/control': control }) },
      };
    }
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === 'callTool') return callTool;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' && name !== 'constructor' ? value.bind(target) : value;
    },
  });
}
