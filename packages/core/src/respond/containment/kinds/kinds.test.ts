import { describe, expect, it } from 'vitest';
import { type Control, type ControlBase, controlFaults, describeControl } from '../index.ts';
import { supersetOf } from './ordering.ts';
import { isKnownControl } from './registry.ts';

const good: [string, Control][] = [
  [
    'block “one device” and 1 more in answers for answers',
    { kind: 'block', feature: 'answers', phrases: ['one device'], patterns: ['x+y'], direction: 'output' },
  ],
  [
    'refuse texts over 2000 characters, files and images, links',
    { kind: 'input', maxCharacters: 2_000, attachments: 'refuse', links: 'refuse' },
  ],
  ['turn off kb-2026 for answers', { kind: 'retrieval', feature: 'answers', index: 'kb-2026' }],
  ['a person approves refund (claims)', { kind: 'review', tools: ['refund'], queue: 'claims' }],
  ['a person looks at everything first', { kind: 'review' }],
  ['revoke all tools of clerk', { kind: 'revoke', agent: 'clerk' }],
  ['revoke send_mail under crm-key', { kind: 'revoke', tools: ['send_mail'], credential: 'crm-key' }],
  ['pause everything that starts by itself', { kind: 'pause' }],
  ['at most 5 a minute and person', { kind: 'limit', requests: 5, seconds: 60, per: 'subject' }],
  ['at most 9 a 20 s', { kind: 'limit', requests: 9, seconds: 20, per: 'everyone' }],
  [
    'generate with temperature at most 0, at most 300 tokens, mode = strict',
    { kind: 'settings', temperature: 0, maxTokens: 300, values: { mode: 'strict' } },
  ],
];

const bad: [string, ControlBase & Record<string, unknown>, string][] = [
  ['nothing to block', { kind: 'block' }, ''],
  ['a phrase of one letter', { kind: 'block', phrases: ['a'] }, '/phrases/0'],
  ['a pattern that is none', { kind: 'block', patterns: ['(a'] }, '/patterns/0'],
  ['a pattern that looks back', { kind: 'block', patterns: ['(a)\\1'] }, '/patterns/0'],
  ['a pattern that fits everything', { kind: 'block', patterns: ['a*'] }, '/patterns/0'],
  ['patterns that are no list', { kind: 'block', patterns: 'a' }, '/patterns'],
  ['a third direction', { kind: 'block', phrases: ['ab'], direction: 'up' }, '/direction'],
  ['an input that restricts nothing', { kind: 'input' }, ''],
  ['a length of nothing', { kind: 'input', maxCharacters: 0 }, '/maxCharacters'],
  ['files that are let in', { kind: 'input', attachments: 'allow' }, '/attachments'],
  ['an index without a name', { kind: 'retrieval' }, '/index'],
  ['an empty list of tools', { kind: 'revoke', tools: [] }, '/tools'],
  ['a tool that is no name', { kind: 'review', tools: ['<b>'] }, '/tools/0'],
  ['half a request', { kind: 'limit', requests: 0.5, seconds: 60, per: 'subject' }, '/requests'],
  ['a limit of nobody', { kind: 'limit', requests: 5, seconds: 60, per: 'team' }, '/per'],
  ['settings that set nothing', { kind: 'settings' }, ''],
  ['a temperature that burns', { kind: 'settings', temperature: 3 }, '/temperature'],
  ['a value that is an object', { kind: 'settings', values: { mode: {} } }, '/values/mode'],
  ['a trigger that is empty', { kind: 'pause', trigger: '' }, '/trigger'],
];

describe('kinds of control', () => {
  it.each(good)('%s', (says, control) => {
    expect(controlFaults(control)).toEqual([]);
    expect(describeControl(control)).toBe(says);
  });

  it.each(bad)('%s is refused', (_, control, pointer) =>
    expect(controlFaults(control).map((fault) => fault.pointer)).toContain(pointer),
  );

  it('whoever does not know the kind stops at least as much, of the same feature', () => {
    for (const [, control] of good) {
      const superset = supersetOf(control);
      // A limit and settings have none: what is merely counted is not stopped instead.
      if (control.kind === 'limit' || control.kind === 'settings') expect(superset).toBeUndefined();
      else {
        expect(superset).toEqual({
          kind: 'disable',
          ...(control.feature === undefined ? {} : { feature: control.feature }),
        });
        expect(isKnownControl(superset!)).toBe(true);
      }
    }
  });
});
