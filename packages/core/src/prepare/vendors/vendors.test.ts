import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, type Recorded } from '../../kernel/index.ts';
import {
  addQuestion,
  answerQuestion,
  DELIVERED_QUESTIONS,
  DUTIES,
  dependantsOf,
  describeVendor,
  dropQuestion,
  foldQuestions,
  foldVendor,
  MOST_QUESTIONS,
  type NeedingSystem,
  registerVendor,
  retireVendor,
  setEscalation,
  setResponsibilities,
  unrecorded,
  type Vendor,
  type VendorAnswer,
  type VendorDescription,
  vendorGaps,
  vendorName,
} from './index.ts';

const NOW = instant('2026-11-20T10:00:00.000Z');
const described: VendorDescription = {
  name: 'Northwind Models',
  supplies: [
    { kind: 'model', name: 'nw-large-3' },
    { kind: 'service', name: 'vector store' },
  ],
  aliases: ['northwind', 'azure.ai.northwind'],
  owner: 'usr_1',
  statusPage: '',
  note: '',
};
const recorded = (type: string, data: object, seq = 1) =>
  ({ type, data, seq, stream: 's', version: seq, at: NOW, by: { kind: 'person', id: 'usr_1' } }) as Recorded;
const registered = recorded('vendor.registered', { vendor: 'vnd_1', ...described });
const vendor = foldVendor([registered])!;
const contact = {
  name: 'On-call desk',
  how: 'phone' as const,
  address: '+49 30 1234',
  hours: '24/7',
  answerMinutes: 30,
  contract: 'MSA 8.2',
};

describe('a vendor', () => {
  it('keeps the newest answer to each question, and is over when retired', () => {
    const answer = (text: string): VendorAnswer => ({
      question: 'region',
      enough: 'yes',
      text,
      evidence: '',
      answeredOn: '2026-11-01',
      reviewBy: null,
    });
    const later = foldVendor([
      registered,
      recorded('vendor.answered', answer('EU'), 2),
      recorded('vendor.answered', answer('EU and CH'), 3),
      recorded('vendor.retired', { reason: 'moved away' }, 4),
    ])!;
    expect(later.answers.map(({ text }) => text)).toEqual(['EU and CH']);
    expect(describeVendor(later, described, null)).toMatchObject({ refused: 'vendor.retired' });
    expect(setEscalation(later, { contacts: [] })).toMatchObject({ refused: 'vendor.retired' });
    expect(retireVendor(later, { reason: 'again' })).toEqual([]);
  });

  it('says that contacts were erased, instead of failing', () => {
    const erased = foldVendor([registered, recorded('escalation.set', { contacts: '[erased]' }, 2)])!;
    expect(erased.contacts).toBeNull();
    expect(vendorGaps(erased, [], NOW)[0]).toEqual({ kind: 'no-contact' });
  });

  it('shares no name with another', () => {
    const clash = { name: 'northwind', vendor: 'Northwind Trading' };
    expect(registerVendor(null, { vendor: 'vnd_2', ...described }, clash)).toMatchObject({
      refused: 'vendor.name-taken',
    });
    expect(describeVendor(vendor, described, clash)).toMatchObject({ refused: 'vendor.name-taken' });
    expect(describeVendor(null, described, null)).toMatchObject({ refused: 'vendor.unknown' });
    expect(retireVendor(null, { reason: 'x' })).toMatchObject({ refused: 'vendor.unknown' });
  });

  it.each([
    ['Azure OpenAI', 'azure-openai'],
    [' azure.openai ', 'azure-openai'],
    ['AZURE__OpenAI', 'azure-openai'],
  ])('%s is compared as %s', (name, same) => expect(vendorName(name)).toBe(same));
});

describe('an answer', () => {
  const answer: VendorAnswer = {
    question: 'logging',
    enough: 'yes',
    text: '30 days',
    evidence: '',
    answeredOn: '2026-11-20',
    reviewBy: '2027-11-20',
  };
  it.each([
    ['a question nobody asks', { question: 'weather' }, 'vendor.unknown-question'],
    ['a day to come', { answeredOn: '2026-11-22' }, 'time.in-future'],
    ['a review before it was given', { reviewBy: '2026-11-20' }, 'vendor.bad-review'],
  ])('is refused for %s', (_name, part, refused) => {
    expect(answerQuestion(vendor, { ...answer, ...part }, DELIVERED_QUESTIONS, { at: NOW })).toMatchObject({ refused });
  });

  it('may be of today where today begins earlier', () => {
    expect(
      answerQuestion(vendor, { ...answer, answeredOn: '2026-11-21' }, DELIVERED_QUESTIONS, { at: NOW }),
    ).toHaveLength(1);
  });
});

describe('the gaps of a vendor', () => {
  const all = DUTIES.map((duty) => ({ duty, who: 'both' as const, note: '' }));
  const answers = (part: Partial<VendorAnswer>) => [
    {
      question: 'q',
      enough: 'yes' as const,
      text: '',
      evidence: '',
      answeredOn: '2026-01-01',
      reviewBy: null,
      ...part,
    },
  ];
  const q = [{ id: 'q', text: 'Q?', why: '', incident: null, addedAt: null }];
  const whole: Vendor = { ...vendor, contacts: [contact], responsibilities: all, answers: answers({}) };

  it.each([
    ['none', {}, []],
    ['nobody to call', { contacts: [] }, [{ kind: 'no-contact' }]],
    ['nobody bound to answer', { contacts: [{ ...contact, answerMinutes: null }] }, [{ kind: 'no-answer-time' }]],
    [
      'a duty that is nobody’s',
      { responsibilities: all.map((each) => (each.duty === 'logging' ? { ...each, who: 'nobody' as const } : each)) },
      [{ kind: 'duty', duty: 'logging', why: 'nobody' }],
    ],
    [
      'a duty nobody talked about',
      { responsibilities: all.slice(1) },
      [{ kind: 'duty', duty: 'detection', why: 'unsaid' }],
    ],
    ['a question without answer', { answers: [] }, [{ kind: 'unanswered', question: 'q' }]],
    ['an answer that is not enough', { answers: answers({ enough: 'no' }) }, [{ kind: 'not-enough', question: 'q' }]],
    ['an old answer', { answers: answers({ reviewBy: '2026-11-19' }) }, [{ kind: 'stale', question: 'q' }]],
    ['an answer due today', { answers: answers({ reviewBy: '2026-11-20' }) }, []],
  ] as const)('%s', (_name, part, gaps) => {
    expect(vendorGaps({ ...whole, ...part } as Vendor, q, NOW)).toEqual(gaps);
  });

  it('are in the order of the duties, whatever the order they were said in', () => {
    expect(setResponsibilities(vendor, { responsibilities: [...all].reverse() })).toEqual([
      { type: 'responsibilities.set', data: { responsibilities: all } },
    ]);
  });
});

describe('the questions', () => {
  const add = (text: string, i = 1) => ({
    question: `vqu_${i}` as const,
    text,
    why: 'it bit us',
    incident: 'INC-2026-0001',
  });

  it('grow by what an incident taught, and lose what teaches nothing', () => {
    const pin = add('Do you pin versions?');
    expect(addQuestion(DELIVERED_QUESTIONS, pin)).toEqual([{ type: 'question.added', data: pin }]);
    const grown = foldQuestions([recorded('question.added', pin)]);
    expect(grown.at(-1)).toEqual({
      id: 'vqu_1',
      text: 'Do you pin versions?',
      why: 'it bit us',
      incident: 'INC-2026-0001',
      addedAt: NOW,
    });
    expect(addQuestion(grown, add('do you  PIN versions?', 2))).toMatchObject({ refused: 'vendor.question-there' });
    const fewer = foldQuestions([recorded('question.dropped', { question: 'region', reason: 'one region only' })]);
    expect(fewer).toHaveLength(DELIVERED_QUESTIONS.length - 1);
    expect(dropQuestion(fewer, { question: 'region', reason: 'again' })).toEqual([]);
  });

  it('are bounded', () => {
    const many = Array.from({ length: MOST_QUESTIONS }, (_, i) => ({ ...DELIVERED_QUESTIONS[0]!, text: `Q${i}` }));
    expect(addQuestion(many, add('one more'))).toMatchObject({ refused: 'vendor.too-many-questions' });
  });
});

describe('who depends on a vendor', () => {
  const system = (key: string, part: Partial<NeedingSystem> = {}): NeedingSystem => ({
    key,
    name: key.toUpperCase(),
    vendor: '',
    dependencies: [],
    running: [],
    ...part,
  });
  const up = (kind: 'system' | 'vendor' | 'service', on: string) => ({ direction: 'up' as const, kind, on, note: '' });

  it('is who names it, declares it, runs its model, or needs such a system', () => {
    const found = dependantsOf(vendor, [
      system('named', { vendor: 'NORTHWIND models' }),
      system('alias', { dependencies: [up('vendor', 'Azure AI Northwind')] }),
      system('service', { dependencies: [up('service', 'vector-store')] }),
      system('model', { running: [{ model: 'nw-large-3' }] }),
      system('behind', { dependencies: [up('system', 'model')] }),
      system('further', { dependencies: [up('system', 'behind')] }),
      system('told', { dependencies: [] }),
      system('teller', { vendor: 'northwind', dependencies: [{ ...up('system', 'told'), direction: 'down' }] }),
      system('other', { vendor: 'Contoso', dependencies: [{ ...up('vendor', 'northwind'), direction: 'down' }] }),
    ]);
    expect(Object.fromEntries(found.map(({ system, because }) => [system, because]))).toEqual({
      named: { kind: 'named' },
      alias: { kind: 'dependency', on: 'Azure AI Northwind' },
      service: { kind: 'dependency', on: 'vector-store' },
      model: { kind: 'model', model: 'nw-large-3' },
      teller: { kind: 'named' },
      behind: { kind: 'through', system: 'model' },
      further: { kind: 'through', system: 'behind' },
      told: { kind: 'through', system: 'teller' },
    });
  });

  it('ends where systems need each other in a circle, and names nobody twice', () => {
    const keys = ['a', 'b', 'c', 'd'];
    const systems = fc
      .array(fc.record({ from: fc.constantFrom(...keys), to: fc.constantFrom(...keys) }), { maxLength: 12 })
      .map((edges) =>
        keys.map((key) =>
          system(key, {
            vendor: key === 'a' ? 'northwind' : '',
            dependencies: edges.filter(({ from }) => from === key).map(({ to }) => up('system', to)),
          }),
        ),
      );
    fc.assert(
      fc.property(systems, (all) => {
        const found = dependantsOf(vendor, all).map((each) => each.system);
        expect(new Set(found).size).toBe(found.length);
        expect(found[0]).toBe('a');
        for (const each of all)
          if (each.dependencies.some(({ on }) => found.includes(on))) expect(found).toContain(each.key);
      }),
    );
  });

  it('shows names that systems use and no record answers to', () => {
    expect(
      unrecorded(
        [vendor],
        [
          system('one', { vendor: 'northwind' }),
          system('two', { vendor: 'Contoso AI' }),
          system('three', {
            vendor: 'contoso-ai',
            dependencies: [up('vendor', 'Contoso AI'), up('vendor', 'Fabrikam')],
          }),
        ],
      ),
    ).toEqual([
      { name: 'Contoso AI', systems: ['two', 'three'] },
      { name: 'Fabrikam', systems: ['three'] },
    ]);
  });
});
