import type { Verdict } from '@firebreak/core/respond/containment';
import { DEFAULT_MESSAGE } from '@firebreak/core/respond/containment';
import type { Guard, Question } from './guard.ts';

/** What the OpenAI Agents SDK tells of a call; only what is read here. */
interface Called {
  readonly context?: { isToolApproved?(of: { toolName: string; callId: string }): boolean | undefined };
  readonly agent?: { readonly name?: string };
  readonly toolCall: { readonly name: string; readonly callId?: string };
}
interface Tool {
  readonly name: string;
  readonly needsApproval?: unknown;
  readonly inputGuardrails?: readonly unknown[] | undefined;
}
type Approval = (...given: readonly unknown[]) => boolean | Promise<boolean>;
export type ToolQuestion = Omit<Question, 'tool'>;

const WAITS = 'A person has to approve this call first.';

const refused = ({ action, hold, epoch }: Verdict, message: string) => ({
  behavior: { type: 'rejectContent' as const, message },
  outputInfo: { firebreak: { action, hold: hold ?? null, epoch } },
});

/**
 * A tool of the OpenAI Agents SDK that asks before each call. A call that is denied is answered with the message of the hold, so
 * that the agent works on with its other tools; one that a person has to approve interrupts the run, as the SDK does it, also
 * where the run is resumed in another process. Name the agent: whether a call has to be approved is asked before the SDK says which
 * one runs, and is read the stricter way without it.
 */
export function guardTool<T extends Tool>(guard: Guard, tool: T, question: ToolQuestion = {}): T {
  const own = typeof tool.needsApproval === 'function' ? (tool.needsApproval as Approval) : () => false;
  const guardrail = {
    type: 'tool_input' as const,
    name: 'firebreak',
    async run({ context, agent, toolCall: { callId = '' } }: Called) {
      const verdict = guard.admit({ agent: agent?.name, ...question, tool: tool.name });
      if (verdict.action === 'deny') return refused(verdict, verdict.message ?? DEFAULT_MESSAGE);
      const approved = context?.isToolApproved?.({ toolName: tool.name, callId }) === true;
      if (verdict.action === 'review' && !approved) return refused(verdict, WAITS);
      return { behavior: { type: 'allow' as const } };
    },
  };
  return {
    ...tool,
    needsApproval: async (...given: readonly unknown[]) =>
      guard.check({ ...question, tool: tool.name }).action === 'review' || (await own(...given)),
    inputGuardrails: [...(tool.inputGuardrails ?? []), guardrail],
  };
}

/** For `toolFilter` of an MCP server of the SDK: a tool that may not be called is not offered to the model. */
export function toolFilter(guard: Guard, question: ToolQuestion = {}) {
  return async ({ agent }: { readonly agent?: { readonly name?: string } }, { name }: { readonly name: string }) =>
    guard.check({ agent: agent?.name, ...question, tool: name }).action !== 'deny';
}
