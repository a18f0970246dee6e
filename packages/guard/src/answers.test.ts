import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Guarded, openGuarded } from '../../../conformance/guarded.ts';
import { holdOf, until } from '../../../conformance/stand-in-control-plane.ts';
import { openStandInVendor, type StandInVendor } from '../../../conformance/stand-in-vendor.ts';
import { ContainedError, type FetchOptions } from './index.ts';
import { scriptedAnswer } from './scripted.ts';

let open: Guarded;
let vendor: StandInVendor;
beforeEach(async () => {
  open = await openGuarded();
  vendor = await openStandInVendor('acme');
});
afterEach(async () => {
  await vendor.close();
  await open.close();
});

const MESSAGES = [{ role: 'user' as const, content: 'hello' }];
const openai = (options?: FetchOptions) =>
  new OpenAI({ apiKey: 'k', baseURL: `${vendor.url}/v1`, fetch: open.guard.fetch(fetch, options) as typeof fetch });
const anthropic = (options?: FetchOptions) =>
  new Anthropic({ apiKey: 'k', baseURL: vendor.url, fetch: open.guard.fetch(fetch, options) as typeof fetch });
const chat = (client: OpenAI) => client.chat.completions.create({ model: 'm2', messages: MESSAGES });
const message = (client: Anthropic) => client.messages.create({ model: 'm2', max_tokens: 9, messages: MESSAGES });

describe('words of answers that are blocked', () => {
  it('do not pass in a whole answer, and other words do', async () => {
    await open.order(holdOf({ kind: 'block', phrases: ['from acme'], direction: 'output' }));
    await expect(chat(openai())).rejects.toMatchObject({ status: 403 });
    expect(vendor.asked).toHaveLength(1);
    await open.order(holdOf({ kind: 'block', patterns: ['^never$'] }));
    expect((await chat(openai())).choices[0]?.message.content).toBe('Hello from acme');
  });

  it('end a stream before they are passed on', async () => {
    await open.order(holdOf({ kind: 'block', phrases: ['from acme'], direction: 'output' }));
    const stream = await openai().chat.completions.create({ model: 'm2', messages: MESSAGES, stream: true });
    let heard = '';
    const reading = (async () => {
      for await (const { choices } of stream) heard += choices[0]?.delta.content ?? '';
    })();
    await expect(reading).rejects.toBeInstanceOf(ContainedError);
    expect(heard).not.toContain('acme');
  });
});

describe('a revoked tool', () => {
  const listed = (name: string) => ({ type: 'function' as const, function: { name, parameters: {} } });
  const flat = (name: string) => ({ name, input_schema: { type: 'object' as const } });
  const revoked = holdOf({ kind: 'revoke', tools: ['pay'], agent: 'clerk' });
  const asClerk: FetchOptions = { asking: { agent: 'clerk' } };
  const withTools = (client: OpenAI) =>
    client.chat.completions.create({ model: 'm2', messages: MESSAGES, tools: [listed('pay'), listed('find')] });

  it('is not offered to the model, which works on with the others', async () => {
    await open.order(revoked);
    await withTools(openai(asClerk));
    await openai(asClerk).responses.create({
      model: 'm2',
      input: 'hello',
      tools: [{ type: 'function', name: 'pay', parameters: {}, strict: false }],
      tool_choice: 'required',
    });
    await anthropic(asClerk).messages.create({
      model: 'm2',
      max_tokens: 9,
      messages: MESSAGES,
      tools: [flat('pay'), flat('find')],
      tool_choice: { type: 'tool', name: 'pay' },
    });
    const asked = vendor.asked.map(({ body: { tools, tool_choice } }) => ({ tools, tool_choice }));
    expect(asked).toEqual([{ tools: [listed('find')] }, {}, { tools: [flat('find')] }]);
  });

  it('is offered to another agent, and to everybody again when it is let go', async () => {
    await open.order(revoked);
    await withTools(openai({ asking: { agent: 'other' } }));
    await open.order();
    await withTools(openai(asClerk));
    const both = [listed('pay'), listed('find')];
    expect(vendor.asked.map(({ body }) => body.tools)).toEqual([both, both]);
  });

  it('is not called by a model that asks for it all the same', async () => {
    vendor.calls = 'pay';
    await open.order(revoked);
    await expect(chat(openai(asClerk))).rejects.toMatchObject({ status: 403, code: 'containment.denied' });
    await expect(message(anthropic(asClerk))).rejects.toMatchObject({ status: 403 });
    vendor.calls = 'find';
    expect((await chat(openai(asClerk))).choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it.each(['chat completions', 'messages'])('ends a stream of %s before its call is passed on', async (shape) => {
    vendor.calls = 'pay';
    await open.order(revoked);
    const asked = { model: 'm2', max_tokens: 9, messages: MESSAGES, stream: true as const };
    const stream: AsyncIterable<unknown> =
      shape === 'messages'
        ? await anthropic(asClerk).messages.create(asked)
        : await openai(asClerk).chat.completions.create(asked);
    let heard = '';
    const reading = (async () => {
      for await (const event of stream) heard += JSON.stringify(event);
    })();
    await expect(reading).rejects.toBeInstanceOf(ContainedError);
    expect(heard).not.toContain('pay');
  });

  it('that only waits for a person is left to where it is called', async () => {
    vendor.calls = 'pay';
    await open.order(holdOf({ kind: 'review', tools: ['pay'] }));
    expect((await withTools(openai(asClerk))).choices[0]?.message.tool_calls).toHaveLength(1);
    expect(vendor.asked[0]?.body.tools).toHaveLength(2);
  });
});

describe('the client of Anthropic', () => {
  it('is refused in one attempt', async () => {
    await open.order(holdOf({ kind: 'disable' }));
    const refused = await message(anthropic()).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect((refused as { headers: Headers }).headers.get('x-should-retry')).toBe('false');
    expect(vendor.asked).toHaveLength(0);
  });

  it('is told aloud when its stream is stopped', async () => {
    vendor.mode = 'endless';
    const stream = await anthropic().messages.create({ model: 'm2', max_tokens: 9, messages: MESSAGES, stream: true });
    const reading = (async () => {
      for await (const _ of stream);
    })();
    reading.catch(() => undefined);
    await until('asked', () => vendor.asked.length === 1);
    await open.order(holdOf({ kind: 'disable' }));
    await expect(reading).rejects.toBeInstanceOf(ContainedError);
    await until('cut off', () => vendor.cutOff === 1);
  });
});

describe('an answer instead of a refusal', () => {
  const TEXT = 'Our assistant is resting. Call us: 555 0100.';
  beforeEach(() => open.order(holdOf({ kind: 'disable', message: TEXT })));
  const instead: FetchOptions = { instead: scriptedAnswer };

  it('is said in the shape of chat completions', async () => {
    const answer = await chat(openai(instead));
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'content_filter', message: { content: TEXT } });
    const stream = openai(instead).chat.completions.stream({ model: 'm2', messages: MESSAGES });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe(TEXT);
  });

  it('is said in the shape of Responses', async () => {
    const client = openai(instead);
    expect((await client.responses.create({ model: 'm2', input: 'hello' })).output_text).toBe(TEXT);
    const final = await client.responses.stream({ model: 'm2', input: 'hello' }).finalResponse();
    expect(final.output_text).toBe(TEXT);
  });

  it('is said in the shape of Messages', async () => {
    const client = anthropic(instead);
    expect(await message(client)).toMatchObject({ stop_reason: 'refusal', content: [{ text: TEXT }] });
    const stream = client.messages.stream({ model: 'm2', max_tokens: 9, messages: MESSAGES });
    expect(await stream.finalText()).toBe(TEXT);
  });

  it('is not given where nobody opted in, nor where a limit is used up', async () => {
    await expect(chat(openai())).rejects.toMatchObject({ status: 403 });
    await open.order(holdOf({ kind: 'limit', requests: 1, seconds: 600, per: 'everyone', message: TEXT }));
    await chat(openai(instead));
    await expect(chat(openai(instead))).rejects.toMatchObject({ status: 429 });
  });
});
