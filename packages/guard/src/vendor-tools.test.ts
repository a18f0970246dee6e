import { expect, it } from 'vitest';
import { callsIn, withoutTools } from './vendor-tools.ts';

const chat = (name: string) => ({ type: 'function', function: { name, parameters: {} } });
const flat = (name: string) => ({ name, description: '' });
const mayCall = (tool: string) => tool !== 'pay';

it.each([
  ['chat completions', { tools: [chat('find'), chat('pay')] }, { tools: [chat('find')] }],
  ['Anthropic and Responses', { tools: [flat('pay'), flat('find')] }, { tools: [flat('find')] }],
  ['functions of old', { functions: [flat('pay'), flat('find')] }, { functions: [flat('find')] }],
  ['a choice of the vendor', { tools: [{ type: 'web_search' }, chat('pay')] }, { tools: [{ type: 'web_search' }] }],
  [
    'a choice that forces it',
    { tools: [chat('find'), chat('pay')], tool_choice: { type: 'function', function: { name: 'pay' } } },
    { tools: [chat('find')] },
  ],
  [
    'a choice that forces another',
    { tools: [flat('find'), flat('pay')], tool_choice: { type: 'tool', name: 'find' } },
    { tools: [flat('find')], tool_choice: { type: 'tool', name: 'find' } },
  ],
  [
    'a list of allowed ones of chat completions',
    {
      tools: [chat('find'), chat('pay')],
      tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [chat('pay'), chat('find')] } },
    },
    {
      tools: [chat('find')],
      tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [chat('find')] } },
    },
  ],
  [
    'a list of allowed ones of Responses',
    {
      tools: [flat('find'), flat('pay')],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [flat('pay')] },
    },
    { tools: [flat('find')] },
  ],
  [
    'custom tools of chat completions',
    { tools: [{ type: 'custom', custom: { name: 'pay' } }, chat('find')] },
    { tools: [chat('find')] },
  ],
  ['nothing left', { tools: [chat('pay')], tool_choice: 'required' }, {}],
])('%s', (_, given, left) => {
  expect(withoutTools({ model: 'm', ...given }, mayCall)).toEqual({ body: { model: 'm', ...left }, withheld: ['pay'] });
});

it.each([{}, { tools: 'pay' }, { tools: [chat('find')] }, { tools: [null, 7, { function: { name: 3 } }] }])(
  'leaves %j as it is',
  (body) => expect(withoutTools(body, mayCall)).toBeUndefined(),
);

it.each([
  [
    'chat completions',
    { choices: [{ message: { tool_calls: [chat('pay'), { type: 'custom', custom: { name: 'find' } }] } }] },
  ],
  [
    'a chunk of them',
    { choices: [{ delta: { tool_calls: [chat('pay')] } }, { delta: { function_call: { name: 'find' } } }] },
  ],
  [
    'Messages',
    {
      content: [
        { type: 'text', text: '' },
        { type: 'tool_use', name: 'pay' },
        { type: 'tool_use', name: 'find' },
      ],
    },
  ],
  [
    'Responses',
    {
      output: [
        { type: 'function_call', name: 'pay' },
        { type: 'custom_tool_call', name: 'find' },
      ],
    },
  ],
  [
    'Gemini',
    { candidates: [{ content: { parts: [{ functionCall: { name: 'pay' } }, { functionCall: { name: 'find' } }] } }] },
  ],
])('reads the calls of %s', (_, answer) => expect(callsIn(answer)).toEqual(['pay', 'find']));

it.each([
  ['an event of Messages', { type: 'content_block_start', content_block: { type: 'tool_use', name: 'pay' } }, ['pay']],
  [
    'an event of Responses',
    { type: 'response.output_item.added', item: { type: 'function_call', name: 'pay' } },
    ['pay'],
  ],
  ['later pieces of a call', { choices: [{ delta: { tool_calls: [{ function: { arguments: '{' } }] } }] }, []],
  ['what has no shape', 'pay', []],
])('reads the calls of %s', (_, event, names) => expect(callsIn(event)).toEqual(names));
