import { describe, expect, it } from 'vitest';
import { putIn, withSettings } from './vendor-body.ts';

describe('what is put into a request', () => {
  it.each<[string, object, object]>([
    ['chat', { messages: [{ role: 'user', content: 'one' }] }, { text: 'one', attachments: 0 }],
    [
      'parts and files of a chat',
      {
        messages: [
          { role: 'system', content: 'never say two' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'look' },
              { type: 'image_url', image_url: {} },
            ],
          },
          { role: 'assistant', content: 'three' },
          { role: 'tool', content: 'four' },
        ],
      },
      { text: 'look\nfour', attachments: 1 },
    ],
    [
      'messages of Anthropic with a tool result',
      {
        system: 'quiet',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'tool_result', content: [{ type: 'text', text: 'found' }] },
              { type: 'document', source: {} },
            ],
          },
        ],
      },
      { text: 'found', attachments: 1 },
    ],
    ['input of Responses', { input: 'hello' }, { text: 'hello', attachments: 0 }],
    [
      'items of Responses',
      {
        input: [
          { role: 'developer', content: 'rules' },
          { role: 'user', content: [{ type: 'input_text', text: 'hi' }, { type: 'input_file' }] },
          { type: 'function_call_output', output: 'done' },
        ],
      },
      { text: 'hi\ndone', attachments: 1 },
    ],
    ['prompts of completions', { prompt: ['a', 'b'] }, { text: 'a\nb', attachments: 0 }],
    ['nothing of the kind', { file: 'x' }, {}],
  ])('%s', (_, body, found) => expect(putIn(body as never)).toEqual(found));
});

describe('settings ordered', () => {
  it('lower what was asked for, and leave alone what is lower', () => {
    const body = { messages: [], temperature: 1, top_p: 0.2, max_tokens: 4_000 };
    expect(withSettings(body, { temperature: 0.2, topP: 0.5, maxTokens: 300 })).toEqual({
      messages: [],
      temperature: 0.2,
      top_p: 0.2,
      max_tokens: 300,
    });
  });
  it.each([
    [{ messages: [], max_completion_tokens: 900 }, 'max_completion_tokens'],
    [{ input: 'hi' }, 'max_output_tokens'],
    [{ messages: [] }, 'max_tokens'],
  ])('%o is limited by its own word', (body, name) =>
    expect(withSettings(body, { maxTokens: 300 })).toEqual({ ...body, [name]: 300 }),
  );
});
