import {
  Agent,
  type AgentOutputItem,
  type Model,
  type ModelRequest,
  type ModelResponse,
  Runner,
  RunState,
  setTracingDisabled,
  tool,
  Usage,
} from '@openai/agents-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf } from '../../../conformance/stand-in-control-plane.ts';
import { guardTool, toolFilter } from './openai-agents.ts';

setTracingDisabled(true);
let open: Guarded;
let called: string[];
beforeEach(async () => {
  called = [];
  open = await openGuarded();
});
afterEach(() => open.close());

/** Asks for each tool once, then says what came back. */
class Scripted implements Model {
  async getResponse({ input }: ModelRequest): Promise<ModelResponse> {
    const items = typeof input === 'string' ? [] : input;
    const results = items.flatMap((item) =>
      item.type === 'function_call_result' ? [String((item.output as { text?: string }).text ?? item.output)] : [],
    );
    const next = ['find', 'refund'][results.length];
    const output: AgentOutputItem[] =
      next === undefined
        ? [
            {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: results.join(' | ') }],
            },
          ]
        : [
            {
              type: 'function_call',
              name: next,
              callId: `call-${next}`,
              arguments: '{"order":"17"}',
              status: 'completed',
            },
          ];
    return { usage: new Usage(), output };
  }
  getStreamedResponse(): never {
    throw new Error('not streamed here');
  }
}
function clerk() {
  const guarded = (name: string) =>
    guardTool(
      open.guard,
      tool({
        name,
        description: name,
        parameters: z.object({ order: z.string() }),
        execute: async ({ order }) => {
          called.push(name);
          return `${name} ${order} done`;
        },
      }),
      { agent: 'clerk' },
    );
  return new Agent({ name: 'clerk', model: new Scripted(), tools: [guarded('find'), guarded('refund')] });
}
const runner = new Runner();

it('runs its tools while nothing is in force', async () => {
  const { finalOutput } = await runner.run(clerk(), 'refund order 17');
  expect(finalOutput).toBe('find 17 done | refund 17 done');
});

it('works on with the others when one tool is taken from it, and the model reads why', async () => {
  await open.order(holdOf({ kind: 'revoke', agent: 'clerk', tools: ['refund'], message: 'Refunds are paused.' }));
  const { finalOutput } = await runner.run(clerk(), 'refund order 17');
  expect(called).toEqual(['find']);
  expect(finalOutput).toBe('find 17 done | Refunds are paused.');
});

it('interrupts the run where a person has to approve, also when it is resumed from what was stored', async () => {
  await open.order(holdOf({ kind: 'review', tools: ['refund'], queue: 'refunds' }));
  const agent = clerk();
  const first = await runner.run(agent, 'refund order 17');
  expect(first.interruptions.map(({ rawItem }) => (rawItem as { name: string }).name)).toEqual(['refund']);
  expect(called).toEqual(['find']);
  const again = clerk();
  const state = await RunState.fromString(again, first.state.toString());
  state.approve(state.getInterruptions()[0]!);
  const { finalOutput } = await runner.run(again, state);
  expect(called).toEqual(['find', 'refund']);
  expect(finalOutput).toContain('refund 17 done');

  called = [];
  const rejected = await runner.run(clerk(), 'refund order 17');
  rejected.state.reject(rejected.interruptions[0]!);
  await runner.run(clerk(), rejected.state);
  expect(called).toEqual(['find']);
});

it('does not run what was approved and is revoked since', async () => {
  await open.order(holdOf({ kind: 'review', tools: ['refund'], queue: 'refunds' }));
  const agent = clerk();
  const { state, interruptions } = await runner.run(agent, 'refund order 17');
  state.approve(interruptions[0]!);
  await open.order(holdOf({ kind: 'revoke', agent: 'clerk' }));
  await runner.run(agent, state);
  expect(called).toEqual(['find']);
});

it('offers an agent no tool of an MCP server that it may not call', async () => {
  await open.order(holdOf({ kind: 'revoke', agent: 'clerk', tools: ['refund'] }));
  const may = toolFilter(open.guard);
  const asked = (agent: string, name: string) => may({ agent: { name: agent } }, { name });
  expect(await Promise.all([asked('clerk', 'find'), asked('clerk', 'refund'), asked('other', 'refund')])).toEqual([
    true,
    false,
    true,
  ]);
});
