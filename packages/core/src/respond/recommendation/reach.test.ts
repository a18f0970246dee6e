import { describe, expect, it } from 'vitest';
import { type Control, KIND_NAMES } from '../containment/index.ts';
import { type Passed, reachOf, type Touch, touchOf, tryOnWords } from './index.ts';

const bare: Passed = {
  at: 0,
  weight: 1,
  feature: 'answers',
  model: 'm-1',
  prompt: 'v41',
  provider: 'openai',
  country: 'DE',
  subject: 'p-1',
  session: 's-1',
  agent: 'clerk',
  index: 'kb',
  retrieved: true,
  tools: ['refund'],
  question: 'May I see https://x.example?',
  answer: 'One device per subscription.',
  suspect: false,
};

describe('whether a control would have met a request', () => {
  it.each<[string, Control, Partial<Passed>, Touch]>([
    ['disable', { kind: 'disable' }, {}, 'touched'],
    ['disable, its feature', { kind: 'disable', feature: 'answers' }, {}, 'touched'],
    ['disable, another feature', { kind: 'disable', feature: 'orders' }, {}, 'spared'],
    ['disable, feature not captured', { kind: 'disable', feature: 'orders' }, { feature: null }, 'unsaid'],
    ['route, the version left', { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } }, {}, 'touched'],
    ['route, another version', { kind: 'route', from: { prompt: 'v39' }, to: { prompt: 'v40' } }, {}, 'spared'],
    [
      'route, not captured',
      { kind: 'route', from: { prompt: 'v41' }, to: { prompt: 'v40' } },
      { prompt: null },
      'unsaid',
    ],
    ['route, served so already', { kind: 'route', to: { prompt: 'v41' } }, {}, 'spared'],
    ['fence, its country', { kind: 'fence', countries: { mode: 'deny', list: ['DE'] } }, {}, 'touched'],
    ['fence, another country', { kind: 'fence', countries: { mode: 'deny', list: ['FR'] } }, {}, 'spared'],
    ['fence, allowed ones only', { kind: 'fence', countries: { mode: 'allow', list: ['FR'] } }, {}, 'touched'],
    ['fence, no country', { kind: 'fence', countries: { mode: 'deny', list: ['FR'] } }, { country: null }, 'unsaid'],
    ['signed in only: no record says', { kind: 'fence', audience: 'authenticated' }, {}, 'unsaid'],
    ['block, in the answer', { kind: 'block', phrases: ['one device'] }, {}, 'touched'],
    ['block, the other way', { kind: 'block', phrases: ['one device'], direction: 'input' }, {}, 'spared'],
    ['block, not in it', { kind: 'block', phrases: ['zebra'] }, {}, 'spared'],
    ['block, words not kept', { kind: 'block', phrases: ['zebra'] }, { question: null }, 'unsaid'],
    ['input, a link', { kind: 'input', links: 'refuse' }, {}, 'touched'],
    ['input, short enough', { kind: 'input', maxCharacters: 100 }, {}, 'spared'],
    ['input, files: no record says', { kind: 'input', attachments: 'refuse' }, {}, 'unsaid'],
    ['index', { kind: 'retrieval', index: 'kb' }, {}, 'touched'],
    ['another index', { kind: 'retrieval', index: 'kb-2' }, {}, 'spared'],
    ['nothing retrieved', { kind: 'retrieval', index: 'kb-2' }, { index: null, retrieved: false }, 'spared'],
    ['retrieved from nobody knows where', { kind: 'retrieval', index: 'kb-2' }, { index: null }, 'unsaid'],
    ['review of everything', { kind: 'review' }, {}, 'touched'],
    ['review of a tool', { kind: 'review', tools: ['refund'] }, {}, 'touched'],
    ['review of a tool not called', { kind: 'review', tools: ['mail'] }, {}, 'spared'],
    ['review, calls not captured', { kind: 'review', tools: ['mail'] }, { tools: null }, 'unsaid'],
    ['revoke', { kind: 'revoke', tools: ['refund'], agent: 'clerk' }, {}, 'touched'],
    ['revoke, another agent', { kind: 'revoke', agent: 'porter' }, {}, 'spared'],
    ['revoke, agent not captured', { kind: 'revoke', agent: 'porter' }, { agent: null }, 'unsaid'],
    ['revoke, no tool called', { kind: 'revoke' }, { tools: [] }, 'spared'],
    ['pause: no record says', { kind: 'pause', trigger: 'nightly' }, {}, 'unsaid'],
    ['settings', { kind: 'settings', temperature: 0 }, {}, 'touched'],
  ])('%s', (_, control, passed, touch) => {
    expect(touchOf(control, { ...bare, ...passed })).toBe(touch);
  });

  it('has a case for every kind', () => {
    expect([...KIND_NAMES].sort()).toEqual(
      [
        'disable',
        'route',
        'fence',
        'block',
        'input',
        'retrieval',
        'review',
        'revoke',
        'pause',
        'limit',
        'settings',
      ].sort(),
    );
  });
});

describe('what a control would have met', () => {
  it('adds up requests, people and sessions, and where they are', () => {
    const reach = reachOf({ kind: 'fence', countries: { mode: 'deny', list: ['DE'] } }, [
      bare,
      { ...bare, suspect: true, subject: 'p-2' },
      { ...bare, subject: null, session: null, feature: 'orders' },
      { ...bare, country: 'FR' },
      { ...bare, country: null },
    ]);
    expect(reach).toMatchObject({ requests: 5, touched: 3, unsaid: 1, benign: 2, nameless: 1, people: 2, sessions: 1 });
    expect(reach.parts.country).toEqual([
      { name: 'DE', requests: 3, touched: 3 },
      { name: 'FR', requests: 1, touched: 0 },
      { name: null, requests: 1, touched: 0 },
    ]);
    expect(reach.parts.feature?.[0]).toEqual({ name: 'answers', requests: 4, touched: 2 });
    expect(reach.parts.tool).toBeUndefined();
  });

  it('scales a sample up', () => {
    const all = Array.from({ length: 10 }, (_, i) => ({ ...bare, weight: 84, feature: i < 3 ? 'answers' : 'orders' }));
    expect(reachOf({ kind: 'disable', feature: 'answers' }, all)).toMatchObject({
      requests: 840,
      touched: 252,
      looked: 10,
    });
  });

  it('says of a limit what lies beyond the allowance, by person or together', () => {
    const all = [0, 1, 2, 3, 61].map((second) => ({ ...bare, at: second * 1_000 }));
    const other = { ...bare, subject: 'p-2', at: 2_500 };
    const limit = { kind: 'limit', requests: 2, seconds: 60 } as const;
    expect(reachOf({ ...limit, per: 'subject' }, [...all, other]).touched).toBe(2);
    expect(reachOf({ ...limit, per: 'everyone' }, [...all, other]).touched).toBe(3);
    expect(reachOf({ ...limit, per: 'everyone', feature: 'orders' }, all).touched).toBe(0);
    const sample = all.map((each) => ({ ...each, weight: 10 }));
    expect(reachOf({ ...limit, per: 'everyone' }, sample)).toMatchObject({ requests: 50, touched: 46 });
    expect(reachOf({ ...limit, per: 'subject' }, sample)).toMatchObject({ touched: 0, unsaid: 50 });
  });
});

describe('a pattern tried on stored words', () => {
  const stored = (hits: number) =>
    Array.from({ length: 100 }, (_, i) => ({
      ...bare,
      question: 'How many?',
      answer: i < hits ? `Answer ${i}: one device` : 'Two.',
      suspect: i === 0,
    }));
  it('asks for a second look where it refuses more than one in a hundred of what looked benign', () => {
    const rule = { kind: 'block', phrases: ['one device'] } as const;
    expect(tryOnWords(rule, stored(1))).toMatchObject({ tried: 100, hits: 1, benign: 0, secondLook: false });
    expect(tryOnWords(rule, stored(4))).toEqual({
      tried: 100,
      hits: 4,
      benign: 3,
      benignTried: 99,
      secondLook: true,
      examples: ['Answer 1: one device', 'Answer 2: one device', 'Answer 3: one device'],
    });
  });
  it('is nothing for what reads no words', () => {
    expect(tryOnWords({ kind: 'disable' }, stored(4))).toBeNull();
  });
});
