import { expect, it } from 'vitest';
import { withoutTools } from './offered.ts';

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
  ['nothing left', { tools: [chat('pay')], tool_choice: 'required' }, {}],
])('%s', (_, given, left) => {
  expect(withoutTools({ model: 'm', ...given }, mayCall)).toEqual({ body: { model: 'm', ...left }, withheld: ['pay'] });
});

it.each([{}, { tools: 'pay' }, { tools: [chat('find')] }, { tools: [null, 7, { function: { name: 3 } }] }])(
  'leaves %j as it is',
  (body) => expect(withoutTools(body, mayCall)).toBeUndefined(),
);
