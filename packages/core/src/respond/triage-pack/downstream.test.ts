import { describe, expect, it } from 'vitest';
import { type Flow, flowsOf } from '../../prepare/inventory/index.ts';
import { downstreamFigure, downstreamOf } from './index.ts';

const flow = (from: string, to: string, passes: Flow['passes'] = 'feeds', approval = ''): Flow => ({
  from,
  to,
  passes,
  approval,
});
const said = (flows: readonly Flow[], calls: Record<string, number> | null = null) =>
  downstreamOf(flows, 'bot', calls).nodes.map(({ id, depth, label, count, approval }) =>
    [id, depth, label, count ?? '', approval].join(' ').trim(),
  );

describe('what lies downstream', () => {
  it.each<[string, readonly Flow[], readonly string[]]>([
    ['nothing', [], []],
    [
      'what is fed, written and notified',
      [flow('bot', 'a'), flow('bot', 'b', 'writes'), flow('bot', 'c', 'notifies')],
      ['a 1 derived', 'b 1 derived', 'c 1 derived'],
    ],
    ['not what is only called', [flow('bot', 'a', 'calls'), flow('a', 'b')], []],
    [
      'each once, nearest first, through a circle',
      [flow('bot', 'a'), flow('a', 'b'), flow('b', 'a'), flow('b', 'bot'), flow('bot', 'b')],
      ['a 1 derived', 'b 1 derived'],
    ],
    [
      'assumed where nobody said what passes, and behind it too',
      [flow('bot', 'a', 'unsaid'), flow('a', 'b')],
      ['a 1 assumed', 'b 2 assumed'],
    ],
    [
      'listed and not followed where a person approves',
      [flow('bot', 'a', 'writes', 'the desk'), flow('a', 'b')],
      ['a 1 derived  the desk'],
    ],
    [
      'followed where another way leads there',
      [flow('bot', 'a', 'writes', 'the desk'), flow('bot', 'c'), flow('c', 'a'), flow('a', 'b')],
      ['c 1 derived', 'a 2 derived', 'b 3 derived'],
    ],
  ])('%s', (_name, flows, expected) => expect(said(flows)).toEqual(expected));

  it('is measured where the answers that went wrong called it by name', () => {
    const flows = [
      flow('bot', 'service:send_mail', 'unsaid'),
      flow('service:send_mail', 'crm'),
      flow('bot', 'service:archive'),
    ];
    expect(said(flows, { Send_Mail: 12, search: 3 })).toEqual([
      'service:archive 1 derived',
      'service:send_mail 1 measured 12',
      'crm 2 derived',
    ]);
  });

  it('is bounded, and says how many are left out', () => {
    const many = Array.from({ length: 250 }, (_, n) => flow('bot', `s-${n}`));
    expect(downstreamOf(many, 'bot', null)).toMatchObject({ more: 50, nodes: { length: 200 } });
  });

  it('is a figure that says how sure it is, and is not zero where nothing is declared', () => {
    expect(downstreamFigure(false, [])).toMatchObject({ value: null, sureness: 'not-captured' });
    const { nodes } = downstreamOf(
      [flow('bot', 'a'), flow('bot', 'b', 'unsaid'), flow('bot', 'c', 'writes', 'the desk')],
      'bot',
      null,
    );
    expect(downstreamFigure(true, nodes)).toMatchObject({
      value: 2,
      sureness: 'at-least',
      how: 'Along what is written, fed or notified: 1 derived from what was declared, 1 assumed. 1 more only after a person approves.',
    });
  });

  it.each([
    [{ direction: 'down', kind: 'system', on: 'crm', note: '' }, [flow('bot', 'crm', 'unsaid')]],
    [
      { direction: 'down', kind: 'service', on: 'mail', note: '', flow: 'notifies', approval: 'desk' },
      [flow('bot', 'service:mail', 'notifies', 'desk')],
    ],
    [{ direction: 'up', kind: 'data', on: 'orders', note: '', flow: 'writes' }, [flow('bot', 'data:orders', 'writes')]],
    [{ direction: 'up', kind: 'data', on: 'help', note: '', flow: 'feeds' }, [flow('data:help', 'bot', 'feeds')]],
    [{ direction: 'up', kind: 'vendor', on: 'openai', note: '' }, []],
  ] as const)('reads the arrow %j the way things pass', (dependency, flows) => {
    expect(flowsOf('bot', dependency)).toEqual(flows);
  });
});
