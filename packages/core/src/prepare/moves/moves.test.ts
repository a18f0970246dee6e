import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentRole } from '../role-directory/index.ts';
import {
  type Entry,
  furthestEntry,
  likelyFailures,
  movesOf,
  ownPlaybookFor,
  riskiestOf,
  riskReasons,
  type Seen,
} from './index.ts';

const bare: Entry = {
  key: 'bot',
  name: 'Bot',
  type: 'generative',
  purpose: '',
  owner: 'Support',
  riskClass: 'none',
  population: '',
  regions: [],
  vendor: '',
  architecture: 'unsaid',
  autonomy: 'suggests',
  criticality: 'low',
  logging: 'unsaid',
  features: [],
  tools: [],
  guardrails: [{ name: 'moderation', active: true, note: '' }],
  dependencies: [],
  routes: [],
  budgets: [],
};
const working: Partial<Entry> = {
  purpose: 'Answers customers',
  architecture: 'rag',
  logging: 'gateway',
  features: [{ key: 'answers', name: 'Answers' }],
};
const refund = { name: 'refund_order', permissions: [], note: '' };

describe('the riskiest system', () => {
  it.each<[string, Partial<Entry>, string[]]>([
    ['nothing special', {}, []],
    ['high risk by law', { riskClass: 'annex-iii-4' }, ['it is high risk under the EU AI Act (Annex III)']],
    [
      'an agent nobody described',
      { type: 'agent', autonomy: 'unsaid' },
      ['it is an agent, and nobody said how far it acts by itself'],
    ],
    [
      'a reach and people',
      { tools: [refund], population: 'Customers', guardrails: [] },
      ['it can reach a tool: refund_order', 'people meet it: Customers', 'no guardrail is on'],
    ],
    [
      'needed by others',
      { dependencies: [{ direction: 'down', kind: 'system', on: 'x', note: '' }] },
      ['others need it'],
    ],
  ])('reasons of %s', (_name, part, says) => {
    expect(riskReasons({ ...bare, ...part }).map((reason) => reason.says)).toEqual(says);
  });

  it('is not the one with many small reasons beside one with a grave reason', () => {
    const many = { ...bare, key: 'a', tools: [refund], population: 'Customers', owner: '', guardrails: [] };
    const grave = { ...bare, key: 'b', autonomy: 'acts-alone' as const };
    expect(riskiestOf([many, grave])?.entry.key).toBe('b');
    expect(riskiestOf([])).toBeNull();
  });

  it('stays the riskiest when a further reason is added, in whatever order the systems come', () => {
    const some = fc.record({
      autonomy: fc.constantFrom('suggests', 'acts-alone', 'acts-within-limits', 'unsaid'),
      criticality: fc.constantFrom('low', 'medium', 'high', 'critical'),
      population: fc.constantFrom('', 'Customers'),
      owner: fc.constantFrom('', 'Support'),
    });
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 6 }), (parts) => {
        const all = parts.map((part, i) => ({ ...bare, ...part, key: `s${i}` }) as Entry);
        const first = riskiestOf(all)!.entry;
        expect(riskiestOf([...all].reverse())?.entry.key).toBe(first.key);
        const worse = all.map((each) => (each === first ? { ...each, tools: [refund] } : each));
        expect(riskiestOf(worse)?.entry.key).toBe(first.key);
      }),
    );
  });
});

describe('what may go wrong first', () => {
  it.each<[string, Partial<Entry>, string[]]>([
    [
      'a bot that answers from documents',
      { architecture: 'rag' },
      ['misinformation-cascade', 'prompt-injection', 'data-exfiltration'],
    ],
    [
      'a bot that only talks',
      { architecture: 'plain-llm' },
      ['misinformation-cascade', 'toxicity-abuse', 'quality-drift'],
    ],
    [
      'an agent with tools',
      { type: 'agent', tools: [refund] },
      ['agentic-misalignment', 'prompt-injection', 'data-exfiltration'],
    ],
    ['a score', { type: 'predictive' }, ['unsafe-automated-decision', 'quality-drift', 'vendor-failure']],
    ['a voice', { type: 'voice' }, ['misinformation-cascade', 'toxicity-abuse', 'quality-drift']],
  ])('with %s', (_name, part, archetypes) => {
    expect(likelyFailures({ ...bare, ...part }).map(({ archetype }) => archetype)).toEqual(archetypes);
  });
});

describe('the three moves', () => {
  const nothing: Seen = { rubricBy: null, entry: null, playbook: null, seated: new Set() };
  const made = (seen: Partial<Seen>) => movesOf({ ...nothing, ...seen }).map(({ done }) => done);

  it('are all open where there is nothing', () => {
    expect(movesOf(nothing).map(({ move, items }) => [move, items.length])).toEqual([
      ['define', 1],
      ['map', 1],
      ['playbook', 1],
    ]);
    expect(made({})).toEqual([false, false, false]);
  });

  it('are made by what is there, and only by all of it', () => {
    const of = { ...bare, ...working };
    const roles: IncidentRole[] = ['commander', 'privacy'];
    const entry = { of, stoppable: true, heard: false };
    expect(made({ rubricBy: 'usr_1' })).toEqual([true, false, false]);
    expect(made({ entry })).toEqual([false, true, false]);
    expect(made({ entry: { ...entry, stoppable: false } })).toEqual([false, false, false]);
    for (const missing of ['purpose', 'owner', 'architecture', 'autonomy', 'features', 'logging'] as const) {
      const blank = missing === 'features' ? [] : ['purpose', 'owner'].includes(missing) ? '' : 'unsaid';
      const [, map] = movesOf({ ...nothing, entry: { ...entry, of: { ...of, [missing]: blank } as Entry } });
      expect(map!.items.filter((it) => it.needed && !it.done).map(({ item }) => item)).toEqual([missing]);
    }
    expect(made({ playbook: { name: 'P', roles }, seated: new Set(roles) })).toEqual([false, false, true]);
    const [, , third] = movesOf({ ...nothing, playbook: { name: 'P', roles }, seated: new Set(['privacy']) });
    expect(third).toMatchObject({ done: false, items: [{ done: true }, { says: 'Nobody is named as commander' }] });
  });

  it('follow the entry that is furthest, and among equals the riskier', () => {
    const far = { ...bare, ...working, key: 'far' };
    const risky = { ...bare, key: 'risky', autonomy: 'acts-alone' as const };
    expect(furthestEntry([risky, far], new Set())?.key).toBe('far');
    expect(furthestEntry([bare, risky], new Set())?.key).toBe('risky');
    expect(furthestEntry([{ ...bare, key: 'a' }, bare], new Set(['bot']))?.key).toBe('bot');
    expect(furthestEntry([], new Set())).toBeNull();
  });

  it('take the own playbook that fits the riskiest system, else one that fits another, a proposed failure first', () => {
    const row = (
      key: string,
      archetype: 'quality-drift' | 'prompt-injection',
      systemType: 'agent' | 'any',
      own = true,
    ) => ({
      key,
      archetype,
      systemType,
      own,
    });
    const shelf = [
      row('a', 'quality-drift', 'any'),
      row('b', 'prompt-injection', 'agent'),
      row('c', 'prompt-injection', 'any', false),
    ];
    expect(ownPlaybookFor(shelf, ['agent'], ['prompt-injection'])?.key).toBe('b');
    expect(ownPlaybookFor(shelf, ['voice', 'agent'], ['prompt-injection'])?.key).toBe('a');
    expect(ownPlaybookFor([shelf[1]!], ['voice', 'agent'], [])?.key).toBe('b');
    expect(ownPlaybookFor([shelf[2]!], ['voice'], [])).toBeNull();
  });
});
