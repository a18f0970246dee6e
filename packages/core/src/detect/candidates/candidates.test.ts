import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, addMs, type Instant, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { Frequencies, terms } from '../../text/index.ts';
import { duty, type Signal } from '../signals/index.ts';
import { takesSignals } from './candidate.ts';
import {
  absorb,
  type Candidate,
  type CandidateFact,
  type CandidateId,
  dismiss,
  earlyReading,
  foldCandidate,
  followIncident,
  group,
  isGoingOn,
  joinSummaries,
  mayChangePage,
  merge,
  openSplit,
  type Placement,
  place,
  promote,
  reportLate,
  sharedPhrase,
  split,
  subjectOf,
  summarise,
  titleOf,
} from './index.ts';

const BEGIN = instant('2026-11-20T10:00:00.000Z');
const BY: Actor = { kind: 'system', id: 'grouping' };
let count = 0;
function signal(more: Partial<Signal> & { minute?: number; says?: string } = {}): Signal {
  const { minute = 0, says, ...rest } = more;
  const at = addMs(BEGIN, minute * 60_000);
  const text = says ?? 'Each subscription is limited to one device.';
  return {
    id: `sig_${++count}`,
    at,
    receivedAt: at,
    channel: 'output-filter',
    kind: 'ungrounded-claim',
    detector: 'ungrounded-claim',
    rule: 'ungrounded-claim@1',
    evidenceClass: 'strong',
    score: 0.9,
    system: 'support-bot',
    feature: 'policy-answers',
    deployment: 'production',
    versions: { model: 'gpt-x', modelAsked: null, prompt: 'v41', index: null, tools: null },
    subjectHash: null,
    archetype: 'misinformation-cascade',
    severityHint: null,
    text: `States a rule the sources do not carry: “${text}”`,
    quotes: [{ field: 'output', start: 0, end: text.length, text }],
    interaction: `int_${count}`,
    dedupKey: `k${count}`,
    ...rest,
  };
}
const complaint = (says: string, more: Partial<Signal> & { minute?: number } = {}): Signal =>
  signal({
    channel: 'feedback',
    kind: 'comment',
    detector: 'feedback',
    evidenceClass: 'weak',
    archetype: null,
    text: says,
    quotes: [],
    subjectHash: `p${count}`,
    ...more,
  });

const among = new Frequencies();
for (const text of [
  'refund order late',
  'delivery of the parcel',
  'device subscription plan',
  'password reset mail',
  'greeting hello',
  'invoice billing plan',
])
  among.add(terms(text));
const aids = () => {
  let minted = 0;
  return {
    among,
    changes: new Map<string, Instant[]>(),
    never: () => false,
    mint: (): CandidateId => `cnd_${++minted}`,
  };
};
const groupAll = (signals: Signal[], loose: Signal[] = []) => group(signals, loose, [], aids());
const clusters = (placements: Placement[]) => placements.map((p) => p.members.map((s) => subjectOf(s)).sort()).sort();

describe('a title', () => {
  const of = (says: string) => titleOf(signal({ kind: 'eval-regression', archetype: null, quotes: [], text: says }));
  it('ends with a sentence, or a word where the first is too long', () => {
    expect(of('Short and whole.')).toBe('Short and whole.');
    expect(of(`Answers of support-bot got worse: 12 of 50 were lost. Failing: ${'refund policy, '.repeat(20)}`)).toBe(
      'Answers of support-bot got worse: 12 of 50 were lost.',
    );
    const cut = of(`Failing: ${'refund policy '.repeat(20)}`);
    expect(cut).toMatch(/ (refund|policy)…$/);
    expect(cut.length).toBeLessThanOrEqual(140);
    expect(of('x'.repeat(200))).toHaveLength(140);
  });
});

describe('a story whose incident was declared', () => {
  const minute = (n: number) => addMs(BEGIN, n * 60_000);
  const declared = (kind?: 'near-miss') => {
    const opened = place(
      null,
      {
        candidate: 'cnd_1',
        opens: null,
        members: [signal({ minute: 5 })],
        by: { key: 0, likeness: 0 },
        score: 1,
        reasons: [],
      },
      { at: minute(5), by: BY },
    );
    const held = foldCandidate(recorded(opened, minute(5)));
    const by = promote(held, { incident: 'inc_1', ...(kind && { kind }) }, { at: minute(10), by: BY });
    return foldCandidate([...recorded(opened, minute(5)), ...recorded(by, minute(10))])!;
  };
  function recorded(facts: readonly CandidateFact[] | { refused: string }, at: Instant): Recorded[] {
    if ('refused' in facts) throw new Error(facts.refused);
    return facts.map((fact, i) => ({ ...fact, at, by: BY, seq: 0, version: i + 1, stream: 'cnd_1' }));
  }
  const heard = (n: number) => ({ ...declared(), summary: { ...declared().summary, heardAt: minute(n) } });
  it.each([
    ['within an hour of the declaration', declared(), 70, true, true],
    ['more than an hour after all of it', declared(), 71, false, true],
    ['within an hour of what was heard last, days later', heard(5_000), 5_060, true, true],
    ['more than an hour after what was heard last', heard(5_000), 5_061, false, true],
    [
      'within an hour of a late report',
      { ...declared(), late: { ...({} as NonNullable<Candidate['late']>), lastAt: minute(600) } },
      660,
      true,
      true,
    ],
    ['within an hour of its containment', { ...heard(100), easedAt: minute(80) }, 140, true, false],
    ['an hour after its containment, though it is heard', { ...heard(139), easedAt: minute(80) }, 141, false, false],
    ['a near miss', declared('near-miss'), 11, false, false],
  ] as const)('%s: %#', (_name, candidate, at, takes, going) => {
    expect(takesSignals(candidate, minute(at))).toBe(takes);
    expect(isGoingOn(candidate)).toBe(going);
    expect(reportLate(candidate, { members: [signal()], reasons: [] })).toHaveLength(going ? 1 : 0);
  });

  it('follows what becomes of the incident, once for each', () => {
    const one = declared();
    const eased = followIncident(one, { incident: 'inc_1', to: 'contained' });
    expect(eased).toMatchObject([{ type: 'candidate.incident-moved', data: { to: 'contained' } }]);
    expect(followIncident(one, { incident: 'inc_2', to: 'contained' })).toEqual([]);
    expect(followIncident(one, { incident: 'inc_1', to: 'open' })).toEqual([]);
    const state = { ...one, easedAt: minute(20) };
    expect(followIncident(state, { incident: 'inc_1', to: 'resolved' })).toEqual([]);
    expect(followIncident(state, { incident: 'inc_1', to: 'open' })).toHaveLength(1);
    expect(followIncident(null, { incident: 'inc_1', to: 'open' })).toEqual([]);
  });
});

describe('what may change who is told', () => {
  const flood = (more: Partial<Candidate> = {}, part: Partial<Parameters<typeof signal>[0]> = {}) => ({
    state: 'coherent' as const,
    pagedAt: null,
    summary: summarise([
      signal({ evidenceClass: 'weak', deployment: 'eu', severityHint: 3, ...part }),
      signal({ evidenceClass: 'weak', detector: 'other', deployment: 'eu' }),
    ]),
    ...more,
  });
  const weak = { evidenceClass: 'weak', deployment: 'eu' } as const;
  it.each([
    ['the same again', flood(), weak, false],
    ['the same where no deployment is said', flood(), { ...weak, deployment: null }, false],
    ['the first strong finding', flood(), { ...weak, evidenceClass: 'strong' }, true],
    ['another strong finding', flood({}, { evidenceClass: 'strong' }), { ...weak, evidenceClass: 'strong' }, false],
    [
      'a strong one where one proves itself',
      flood({}, { evidenceClass: 'verified' }),
      { ...weak, evidenceClass: 'strong' },
      false,
    ],
    ['one that proves itself', flood({}, { evidenceClass: 'strong' }), { ...weak, evidenceClass: 'verified' }, true],
    [
      'another that proves itself',
      flood({}, { evidenceClass: 'verified' }),
      { ...weak, evidenceClass: 'verified' },
      false,
    ],
    ['a graver severity', flood(), { ...weak, severityHint: 2 }, true],
    ['the same severity', flood(), { ...weak, severityHint: 3 }, false],
    ['the first severity', flood({}, { severityHint: null }), { ...weak, severityHint: 4 }, true],
    ['another deployment', flood(), { ...weak, deployment: 'us' }, true],
    ['a source that may page alone', flood(), { ...weak, pagesAlone: duty('somebody asked') }, true],
    ['another one', flood({}, { pagesAlone: duty('x') }), { ...weak, pagesAlone: duty('somebody asked') }, false],
    ['a third detector', flood(), { ...weak, detector: 'third' }, false],
    ['the second detector', { ...flood(), summary: summarise([signal(weak)]) }, { ...weak, detector: 'b' }, true],
    ['the second channel', { ...flood(), summary: summarise([signal(weak)]) }, { ...weak, channel: 'external' }, true],
    [
      'the second detector of what paged already',
      { ...flood({ pagedAt: { severity: 2, deployments: ['eu'] } }), summary: summarise([signal(weak)]) },
      { ...weak, detector: 'b' },
      false,
    ],
    ['anything of what is over', flood({ state: 'promoted' }), { ...weak, evidenceClass: 'verified' }, false],
  ] as const)('%s: %#', (_name, candidate, part, changes) =>
    expect(mayChangePage(candidate as ReturnType<typeof flood>, [signal(weak), signal(part as object)])).toBe(changes),
  );
});

describe('grouping', () => {
  it('joins what says the same in other words, and tells why in words', () => {
    const { placements } = groupAll([
      signal(),
      signal({ minute: 2, says: 'You can use one device per subscription, as a security feature.' }),
      signal({ minute: 14, says: 'Our subscription only works with one device.' }),
    ]);
    expect(placements).toHaveLength(1);
    expect(placements[0]?.by.likeness).toBe(2);
    expect(placements[0]?.reasons[0]).toBe('same prompt version v41, 2 min apart, both say “one device”');
    expect(placements[0]?.opens?.title).toBe(
      'Invented rule in policy-answers: “Each subscription is limited to one device.”',
    );
  });

  it('joins a weak signal that came just before what it belongs to', () => {
    const { placements, loose } = groupAll([
      complaint('Each subscription is limited to one device?'),
      signal({ minute: 1 }),
    ]);
    expect(loose).toEqual([]);
    expect(placements).toMatchObject([{ members: [{ channel: 'output-filter' }, { channel: 'feedback' }] }]);
  });

  it('counts the same thing again by its key', () => {
    const { placements } = groupAll([
      signal({ says: 'A fee of $10 applies.' }),
      signal({ minute: 1, says: 'A fee of $25 applies.' }),
    ]);
    expect(placements[0]?.by).toEqual({ key: 1, likeness: 0 });
  });

  it('keeps apart other systems, other kinds of failure, probes, and what people split', () => {
    const a = signal();
    const apart = [
      signal({ system: 'sales-bot' }),
      signal({ archetype: 'data-exfiltration', kind: 'secret-disclosed', detector: 'secrets' }),
      signal({ channel: 'probe' }),
    ];
    expect(groupAll([a, ...apart]).placements).toHaveLength(4);
    const first = groupAll([a]).placements[0]!;
    const again = group([signal({ minute: 1 })], [], [first.profile], {
      ...aids(),
      mint: () => 'cnd_9',
      never: (_, { candidate }) => candidate === first.candidate,
    });
    expect(again.placements.map((p) => p.candidate)).toEqual(['cnd_9']);
  });

  it('keeps apart two stories of one feature that share nothing but the time', () => {
    const { placements } = groupAll([
      signal(),
      signal({ minute: 1, says: 'Parcels to Norway carry customs duty of 40 euros.' }),
    ]);
    expect(placements).toHaveLength(2);
    expect(placements.flatMap((p) => p.opens?.related ?? []).length).toBe(1);
  });

  it('keeps apart two features that read alike, unless they share the version that may have broken both', () => {
    const bare = {
      deployment: null,
      versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    };
    expect(groupAll([signal(bare), signal({ ...bare, feature: 'sales-answers' })]).placements).toHaveLength(2);
    expect(groupAll([signal(), signal({ feature: 'sales-answers' })]).placements).toHaveLength(1);
  });

  it('never joins by time alone', () => {
    const bare = {
      feature: null,
      deployment: null,
      versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    };
    const { placements } = groupAll([
      signal({ ...bare, says: 'Returns cost nothing.' }),
      signal({ ...bare, says: 'Trains leave hourly from platform nine.' }),
    ]);
    expect(placements).toHaveLength(2);
  });

  it('ends a group after four idle hours of telemetry', () => {
    const { placements } = groupAll([signal(), signal({ minute: 300 })]);
    expect(placements).toHaveLength(2);
  });

  it('joins a complaint to what it complains about, by words or by conversation', () => {
    const found = signal();
    const { placements, loose } = groupAll([
      found,
      complaint('Your bot says one device per subscription, since when?', { minute: 3 }),
      complaint('this is wrong', { minute: 4, interaction: found.interaction }),
      complaint('where is my parcel', { minute: 4, feature: 'order-status' }),
    ]);
    expect(placements).toHaveLength(1);
    expect(placements[0]?.members).toHaveLength(3);
    expect(loose.map((s) => s.text)).toEqual(['where is my parcel']);
  });

  it('lets weak signals of people open a candidate only together', () => {
    const says = [
      'The bot told me only one device is allowed',
      'told me one device only is allowed now',
      'bot told me one device allowed, really?',
    ];
    const two = groupAll(says.slice(0, 2).map((text, i) => complaint(text, { minute: i })));
    expect(two.placements).toEqual([]);
    expect(two.loose).toHaveLength(2);
    const three = groupAll([complaint(says[2]!, { minute: 5 })], two.loose);
    expect(three.placements).toHaveLength(1);
    expect(three.placements[0]?.members).toHaveLength(3);
  });

  it('opens nothing for thumbs alone, and joins them to what is known of the conversation', () => {
    const thumbs = (more: Partial<Signal> & { minute?: number } = {}) =>
      complaint('Somebody did not like an answer.', { kind: 'thumbs-down', score: 0, ...more });
    const alone = groupAll(Array.from({ length: 9 }, (_, i) => thumbs({ minute: i })));
    expect(alone.placements).toEqual([]);
    expect(alone.loose).toHaveLength(9);
    const found = signal();
    expect(groupAll([found, thumbs({ interaction: found.interaction })]).placements[0]?.members).toHaveLength(2);
  });

  it('places every signal exactly once, whatever comes', () => {
    const any = fc.record({
      minute: fc.nat(400),
      says: fc.lorem({ maxCount: 6 }),
      system: fc.constantFrom('a-bot', 'b-bot'),
      feature: fc.constantFrom('x', 'y', null),
      evidenceClass: fc.constantFrom('weak' as const, 'strong' as const),
      channel: fc.constantFrom('feedback' as const, 'output-filter' as const, 'external' as const, 'probe' as const),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 25 }), (rows) => {
        const signals = rows.map((row) => signal(row));
        const { placements, loose } = groupAll(signals);
        const placed = [...placements.flatMap((p) => p.members), ...loose].map((s) => s.id).sort();
        expect(placed).toEqual(signals.map((s) => s.id).sort());
        for (const p of placements)
          expect(new Set(p.members.map((m) => `${m.system}${m.channel === 'probe'}`)).size).toBe(1);
        expect(clusters(groupAll(signals).placements)).toEqual(clusters(placements));
      }),
      { numRuns: 60 },
    );
  });
});

it('finds the phrase two texts share, without the words around it', () => {
  expect(
    sharedPhrase('It works with one device per subscription now', 'only ONE DEVICE per subscription is fine'),
  ).toBe('one device per subscription');
  expect(sharedPhrase('the of and', 'the of and')).toBeNull();
  expect(sharedPhrase('', 'x')).toBeNull();
});

let seq = 0;
const record = (facts: readonly CandidateFact[]): Recorded[] =>
  facts.map((fact) => ({ ...fact, seq: ++seq, stream: 'cnd_1', version: seq, at: BEGIN, by: BY }));
const taken = (decision: ReturnType<typeof place>): readonly CandidateFact[] => {
  if (isRefusal(decision)) throw new Error(decision.why);
  return decision;
};
const ASKED = { at: BEGIN, by: BY };
const opened = (signals: Signal[]) =>
  foldCandidate(record(taken(place(null, groupAll(signals).placements[0]!, ASKED))))!;

describe('a candidate', () => {
  it('forms, coheres, and says what is missing', () => {
    const one = opened([signal()]);
    expect(one.state).toBe('forming');
    const three = opened([signal(), signal({ minute: 1 }), signal({ minute: 2 })]);
    expect(three).toMatchObject({
      state: 'coherent',
      coheredBecause: '3 signals agree',
      summary: { count: 3, versions: { prompt: ['v41'] } },
    });
    expect(
      opened([signal(), complaint('one device per subscription is limited? no', { minute: 1 })]).coheredBecause,
    ).toContain('two channels');
    const early = earlyReading(three);
    expect(early.axes).toMatchObject({ harm: null, data: 0, control: 3 });
    expect(early.call).toMatchObject({ severity: 2, provisional: true });
    expect(early.missing).toContain('No user has complained yet: ask support whether anybody called.');
  });

  it('takes a sender at their word when they call it graver', () => {
    const it_ = opened([signal({ severityHint: 1 })]);
    expect(earlyReading(it_).call).toMatchObject({ severity: 1, reasons: ['a sender called it Sev 1'] });
  });

  it('ends once: dismissed, promoted or merged, and then takes nothing more', () => {
    const it_ = opened([signal()]);
    const facts = taken(dismiss(it_, { as: 'false-alarm', reason: 'a test of ours' }, ASKED));
    const gone = { ...it_, state: 'dismissed' as const };
    expect(facts[0]?.type).toBe('candidate.dismissed');
    expect(dismiss(gone, { as: 'other', reason: 'again' }, ASKED)).toEqual([]);
    expect(promote(gone, { incident: 'inc_1' }, ASKED)).toMatchObject({ refused: 'candidate.ended' });
    expect(place(gone, groupAll([signal()]).placements[0]!, ASKED)).toMatchObject({ refused: 'candidate.ended' });
    expect(dismiss(null, { as: 'other', reason: 'x' }, ASKED)).toMatchObject({ refused: 'candidate.unknown' });
    expect(taken(promote(it_, { incident: 'inc_1' }, ASKED))).toHaveLength(1);
    expect(promote({ ...it_, state: 'promoted', incident: 'inc_1' }, { incident: 'inc_1' }, ASKED)).toEqual([]);
  });

  it('goes on taking the same story for an hour after it became an incident', () => {
    const it_ = opened([signal()]);
    const [fact] = taken(promote(it_, { incident: 'inc_1' }, ASKED));
    const promoted = foldCandidate([
      ...record(taken(place(null, groupAll([signal()]).placements[0]!, ASKED))),
      ...record([fact!]),
    ])!;
    const more = groupAll([signal({ minute: 5 })]).placements[0]!;
    const joined = taken(place(promoted, more, { at: addMs(BEGIN, 3_000_000), by: BY }));
    expect(joined[0]?.type).toBe('candidate.joined');
    expect(place(promoted, more, { at: addMs(BEGIN, 3_700_000), by: BY })).toMatchObject({
      refused: 'candidate.ended',
    });
  });

  it('merges into another of the same system, once', () => {
    const a = { ...opened([signal()]), id: 'cnd_a' as const };
    const b = { ...opened([signal({ minute: 3 })]), id: 'cnd_b' as const };
    const [merged] = taken(merge(a, { into: b, reason: 'same story' }, ASKED));
    expect(merged?.type).toBe('candidate.merged');
    const [absorbed] = taken(absorb(b, { from: a.id, summary: a.summary, reason: 'same story' }, ASKED));
    expect(absorbed?.type).toBe('candidate.absorbed');
    expect(absorb({ ...b, absorbed: [a.id] }, { from: a.id, summary: a.summary, reason: 'x' }, ASKED)).toEqual([]);
    expect(merge(a, { into: a, reason: 'x' }, ASKED)).toMatchObject({ refused: 'candidate.cannot-merge' });
    expect(merge(a, { into: { ...b, system: 'other' }, reason: 'x' }, ASKED)).toMatchObject({
      refused: 'candidate.cannot-merge',
    });
  });

  it('splits off some of its signals, never all and never strangers', () => {
    const signals = [signal(), signal({ minute: 1 }), signal({ minute: 2 })];
    const it_ = opened(signals);
    const want = { into: 'cnd_9' as const, members: signals, reason: 'another story' };
    const [fact] = taken(split(it_, { ...want, signals: [signals[2]!.id] }, ASKED));
    expect(fact).toMatchObject({ type: 'candidate.split', data: { left: { count: 2 } } });
    expect(split(it_, { ...want, signals: signals.map((s) => s.id) }, ASKED)).toMatchObject({
      refused: 'candidate.cannot-split',
    });
    expect(split(it_, { ...want, signals: ['sig_x'] }, ASKED)).toMatchObject({ refused: 'candidate.cannot-split' });
    const [other] = taken(
      openSplit(null, { candidate: 'cnd_9', from: it_, members: [signals[2]!], title: 'Other', reason: 'r' }, ASKED),
    );
    expect(other).toMatchObject({ type: 'candidate.opened', data: { splitFrom: it_.id, summary: { count: 1 } } });
  });

  it('takes a sentence that every signal of a kind carries for no reason to belong together', () => {
    const caveat = 'A gap is a question, not a verdict: groups may differ in what matters.';
    const gap = (says: string) => signal({ quotes: [], text: `${says}. ${caveat}` });
    expect(subjectOf(gap('loan-desk: a gap of 20 points'))).toBe('loan-desk: a gap of 20 points.');
    const [first, second] = [subjectOf(gap('Old and young fare differently')), subjectOf(gap('North was refused'))];
    expect(sharedPhrase(first, second)).toBeNull();
  });

  it('takes nothing for seen after it came in, however far a clock runs ahead', () => {
    const ahead = { ...signal({ minute: 5 }), at: addMs(BEGIN, 3 * 86_400_000) };
    const summary = summarise([signal(), ahead]);
    expect(summary.lastAt).toBe(ahead.receivedAt);
    expect(summarise([ahead]).firstAt).toBe(ahead.receivedAt);
    expect(summarise([{ ...signal(), at: addMs(BEGIN, -60_000) }]).firstAt).toBe(addMs(BEGIN, -60_000));
  });

  it('keeps its facts small in a flood, and loses no count', () => {
    const flood = Array.from({ length: 2_000 }, (_, i) =>
      signal({
        subjectHash: `p${i}`,
        versions: { model: null, modelAsked: null, prompt: `v${i}`, index: null, tools: null },
      }),
    );
    const whole = summarise(flood);
    expect(whole.count).toBe(2_000);
    expect(JSON.stringify(whole).length).toBeLessThan(10_000);
    const joined = joinSummaries(summarise(flood.slice(0, 900)), summarise(flood.slice(900)));
    expect(joined.count).toBe(2_000);
    expect(joined.evidence).toEqual(whole.evidence);
    expect(joined.signals).toHaveLength(50);
  });
});
