import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, type Instant, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { SHIPPED_TABLE } from '../../prepare/rubric/index.ts';
import { type Candidate, foldCandidate, type Placement, place } from '../candidates/index.ts';
import { duty, promised, type Signal } from '../signals/index.ts';
import {
  acknowledge,
  type ConditionRule,
  changeCondition,
  dueFor,
  endSilence,
  expireSilence,
  extendSilence,
  foldCondition,
  foldSilence,
  handPage,
  isSilenced,
  MOST_CONDITIONS,
  MOST_REPEATS,
  MOST_SILENCES,
  overSince,
  readCondition,
  readPage,
  removeCondition,
  setCondition,
  setSilence,
  tellPage,
  weigh,
  whyCandidate,
  whySignal,
} from './index.ts';

const BEGIN = instant('2026-11-20T10:00:00.000Z');
const by = { kind: 'system', id: 'test' } as const;
const at = (seconds: number): Instant => addMs(BEGIN, seconds * 1_000);
let count = 0;
const signal = (more: Partial<Signal> = {}, seconds = 0): Signal => ({
  id: `sig_${++count}`,
  at: at(seconds),
  receivedAt: at(seconds),
  channel: 'output-filter',
  kind: 'ungrounded-claim',
  detector: 'ungrounded-claim',
  rule: 'r@1',
  evidenceClass: 'strong',
  score: 0.9,
  system: 'support-bot',
  feature: 'policy-answers',
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
  subjectHash: null,
  archetype: 'misinformation-cascade',
  severityHint: null,
  text: 'Each subscription is limited to one device.',
  quotes: [],
  interaction: null,
  dedupKey: `k${count}`,
  ...more,
});
const recorded = (facts: readonly AnyFact[], when: Instant, from = 0): Recorded[] =>
  facts.map((fact, i) => ({ ...fact, at: when, by, seq: 0, version: from + i + 1, stream: 'cnd_1' }));

/** A candidate that grew by these batches, each at its second. */
function grown(...batches: readonly (readonly [number, readonly Signal[]])[]): Recorded[] {
  let facts: Recorded[] = [];
  for (const [seconds, members] of batches) {
    const placement = {
      candidate: 'cnd_1',
      opens: facts.length === 0 ? { title: 'x', related: [] } : null,
      members,
      by: { key: 0, likeness: 0 },
      score: 1,
      reasons: ['alike'],
    } satisfies Omit<Placement, 'profile'>;
    const more = place(foldCandidate(facts), placement, { at: at(seconds), by }, SHIPPED_TABLE);
    if (isRefusal(more)) throw new Error(more.why);
    facts = [...facts, ...recorded(more, at(seconds), facts.length)];
  }
  return facts;
}
const all = (candidate: Candidate) => ({ counted: [signal({ system: candidate.system })], left: [] });
const read = (facts: readonly Recorded[], seconds: number) => {
  const candidate = foldCandidate(facts)!;
  return readPage(candidate, all(candidate), at(seconds), SHIPPED_TABLE);
};
const verified = (more: Partial<Signal> = {}, seconds = 0) =>
  signal(
    {
      evidenceClass: 'verified',
      detector: 'secrets',
      kind: 'secret-disclosed',
      archetype: 'data-exfiltration',
      ...more,
    },
    seconds,
  );
const weak = (more: Partial<Signal> = {}, seconds = 0) => signal({ evidenceClass: 'weak', ...more }, seconds);
const complaint = (seconds = 0) =>
  weak({ channel: 'feedback', detector: 'feedback', kind: 'comment', archetype: null }, seconds);

/** A golden set, say: strong, and wrong so seldom as it promises. */
const drifted = (more: Partial<Signal> = {}, seconds = 0) =>
  signal(
    {
      channel: 'golden-set',
      detector: 'Golden set “refunds”',
      kind: 'golden-set-regressed',
      pagesAlone: promised('the set is wrong once in 60 days'),
      ...more,
    },
    seconds,
  );
/** A beat that somebody asked for: weak by itself, and somebody's duty. */
const silent = (more: Partial<Signal> = {}, seconds = 0) =>
  weak(
    {
      channel: 'telemetry',
      detector: 'heartbeat',
      kind: 'silence',
      pagesAlone: duty('somebody said how often it has to be heard'),
      ...more,
    },
    seconds,
  );

describe('who is told of a candidate', () => {
  const cases: readonly (readonly [
    string,
    readonly (readonly [number, readonly Signal[]])[],
    number,
    string | null,
    string | null,
  ])[] = [
    ['a finding that proves itself, at once', [[0, [verified()]]], 0, 'proves-itself', null],
    ['one strong finding', [[0, [signal()]]], 0, null, 'forming'],
    ['three strong ones of one detector', [[0, [signal(), signal(), signal()]]], 0, null, 'one-key'],
    ['a strong one and a complaint', [[0, [signal(), complaint()]]], 0, 'two-agree', null],
    ['a strong one and a second detector', [[0, [signal(), signal({ detector: 'other' })]]], 0, 'two-agree', null],
    [
      'a strong one and a heuristic of a second detector',
      [
        [0, [signal()]],
        [9, [weak({ detector: 'other' }, 9)]],
      ],
      9,
      'two-agree',
      null,
    ],
    ['two strong ones of one detector', [[0, [signal(), signal()]]], 90, null, 'forming'],
    ['two heuristics of two detectors', [[0, [weak(), weak({ detector: 'other' })]]], 90, null, 'forming'],
    ['any number of heuristics of one channel', [[0, Array.from({ length: 40 }, () => weak())]], 0, null, 'weak'],
    ['a promise of its source, in its first minute', [[0, [drifted()]]], 59, null, 'companions'],
    ['a promise of its source, after a minute', [[0, [drifted()]]], 60, 'promised', null],
    ['a promise and a complaint', [[0, [drifted(), complaint()]]], 0, 'two-agree', null],
    ['a duty, in its first minute', [[0, [silent()]]], 0, null, 'companions'],
    ['a duty, after a minute', [[0, [silent()]]], 60, 'promised', null],
    [
      'a duty that joins what is older than a minute',
      [
        [0, [weak()]],
        [90, [silent({}, 90)]],
      ],
      90,
      'promised',
      null,
    ],
    ['a duty and a heuristic of another detector', [[0, [silent(), weak()]]], 0, 'promised', null],
    ['a duty that its source calls Sev 2', [[0, [silent({ severityHint: 2 })]]], 0, 'promised', null],
    ['a duty that its source calls Sev 3', [[0, [silent({ severityHint: 3 })]]], 0, null, 'companions'],
    ['what a source without a promise calls Sev 1', [[0, [signal({ severityHint: 1 })]]], 90, null, 'forming'],
    ['a finding that proves itself, and a duty', [[0, [verified(), silent()]]], 0, 'proves-itself', null],
    ['heuristics of two channels', [[0, [weak(), complaint(), complaint()]]], 0, null, 'weak'],
  ];
  it.each(cases)('%s', (_name, batches, seconds, cause, kind) => {
    const { page, hindrances } = read(grown(...batches), seconds);
    expect(page?.cause ?? null).toBe(cause);
    expect(hindrances[0]?.kind ?? null).toBe(kind);
  });

  function paged(facts: Recorded[], seconds: number): Recorded[] {
    const state = foldCandidate(facts)!;
    const due = dueFor(state, { at: at(seconds), by }, { weighed: all(state), table: SHIPPED_TABLE });
    return [...facts, ...recorded(due.facts, at(seconds), facts.length)];
  }

  it('says why a source may page alone, in the page and before it', () => {
    const facts = grown([0, [silent(), silent({}, 1)]]);
    const candidate = foldCandidate(facts)!;
    expect(candidate.coheredBecause).toContain('may page alone');
    expect(candidate.summary.pagesAlone).toHaveLength(1);
    expect(whyCandidate(candidate, read(facts, 1), []).says).toBe(
      'Nobody was paged. One signal may page alone, since somebody said how often it has to be heard; companions are awaited for a minute.',
    );
    expect(read(facts, 60).page?.because).toBe(
      'one signal may page alone, since somebody said how often it has to be heard',
    );
  });

  it('pages again for nothing that its source adds, and only for what changes what to do', () => {
    let facts = paged(grown([0, [silent()]]), 60);
    expect(foldCandidate(facts)).toMatchObject({ state: 'paged', pages: [{ cause: 'promised' }] });
    const more = place(
      foldCandidate(facts),
      {
        candidate: 'cnd_1',
        opens: null,
        members: [silent({}, 70)],
        by: { key: 1, likeness: 0 },
        score: 1,
        reasons: [],
      },
      { at: at(70), by },
      SHIPPED_TABLE,
    );
    if (isRefusal(more)) throw new Error(more.why);
    facts = [...facts, ...recorded(more, at(70), facts.length)];
    expect(paged(facts, 70)).toHaveLength(facts.length);
  });

  it('lets a finding that proves itself wait a minute for companions where it is not grave', () => {
    // Every answer is known and mild, so the table calls it Sev 4.
    const mild = { ...SHIPPED_TABLE, rules: [] };
    const facts = grown([0, [verified({ archetype: null })]]);
    const reading = (seconds: number, more: readonly Recorded[] = facts) => {
      const candidate = foldCandidate(more)!;
      return readPage(candidate, all(candidate), at(seconds), mild);
    };
    expect(reading(0)).toMatchObject({ page: null, next: at(60), hindrances: [{ kind: 'companions' }] });
    expect(reading(60).page).toMatchObject({ cause: 'proves-itself', severity: 4 });
    const joined = grown([0, [verified({ archetype: null })]], [10, [complaint(10)]]);
    expect(reading(10, joined).page).toMatchObject({ cause: 'proves-itself' });
  });

  it('coheres only when the severity stands still, or after a minute of quiet', () => {
    const raises = signal({ severityHint: 1 }, 2);
    const facts = grown([0, [signal(), signal()]], [2, [raises]]);
    const state = foldCandidate(facts)!;
    expect(state.state).toBe('forming');
    const due = (seconds: number) =>
      dueFor(state, { at: at(seconds), by }, { weighed: all(state), table: SHIPPED_TABLE });
    expect(due(10)).toMatchObject({ facts: [], next: at(62) });
    expect(due(62).facts).toMatchObject([{ type: 'candidate.cohered' }]);
    expect(
      foldCandidate(grown([0, [signal(), signal()]], [2, [raises]], [3, [signal({ severityHint: 1 }, 3)]]))!.state,
    ).toBe('coherent');
  });

  it('says in words who found it and through which channels, and no key of a program', () => {
    const says = (signals: readonly Signal[]) => {
      const facts = grown([0, signals]);
      return whyCandidate(foldCandidate(facts)!, read(facts, 90), []).says;
    };
    const keyed = { detector: 'key_01a227dbab4d7134a25b8b48563ba4fd' };
    expect(says([signal(keyed), signal(keyed), signal(keyed)])).toContain('only the program that sent it says so');
    const told = foldCandidate(paged(grown([0, [signal(), complaint()]]), 0))!.pages[0]!.because;
    expect(told).toBe('a finding that is rarely wrong, and a second: output filters, feedback of people served');
  });

  it('pages again for a graver severity and another deployment, never for additions', () => {
    let facts = paged(grown([0, [signal({ deployment: 'eu' }), complaint()]]), 0);
    expect(foldCandidate(facts)).toMatchObject({ state: 'paged', pages: [{ page: 1, cause: 'two-agree' }] });
    const add = (seconds: number, more: Partial<Signal>) => {
      const placed = place(
        foldCandidate(facts),
        {
          candidate: 'cnd_1',
          opens: null,
          members: [signal(more, seconds)],
          by: { key: 1, likeness: 0 },
          score: 1,
          reasons: [],
        },
        { at: at(seconds), by },
        SHIPPED_TABLE,
      );
      if (isRefusal(placed)) throw new Error(placed.why);
      facts = paged([...facts, ...recorded(placed, at(seconds), facts.length)], seconds);
      return foldCandidate(facts)!.pages.map(({ cause }) => cause);
    };
    expect(add(5, { deployment: 'eu' })).toEqual(['two-agree']);
    expect(add(6, { deployment: 'us' })).toEqual(['two-agree', 'new-deployment']);
    expect(add(7, { deployment: 'us', severityHint: 1 })).toEqual(['two-agree', 'new-deployment', 'severity-rose']);
    expect(add(8, { deployment: 'us' })).toHaveLength(3);
  });

  it('repeats a bounded number of times while nobody acknowledges, and not once after', () => {
    let facts = paged(grown([0, [verified()]]), 0);
    for (let i = 1; i <= 10; i++) facts = paged(facts, i * 3_600);
    const causes = foldCandidate(facts)!.pages.map(({ cause }) => cause);
    expect(causes).toEqual(['proves-itself', ...Array.from({ length: MOST_REPEATS }, () => 'not-acknowledged')]);
    let seen = paged(grown([0, [verified()]]), 0);
    const looks = acknowledge(foldCandidate(seen));
    if (isRefusal(looks)) throw new Error(looks.why);
    seen = [...seen, ...recorded(looks, at(30), seen.length)];
    expect(paged(seen, 7_200)).toHaveLength(seen.length);
    expect(acknowledge(foldCandidate(seen))).toEqual([]);
    expect(acknowledge(foldCandidate(grown([0, [weak()]])))).toMatchObject({ refused: 'candidate.not-paged' });
    expect(acknowledge(null)).toMatchObject({ refused: 'candidate.unknown' });
  });

  it('says who is being told, who took it, and that nobody could be told', () => {
    let facts = paged(grown([0, [verified()]]), 0);
    const add = (decided: readonly AnyFact[] | { refused: string }) => {
      if ('refused' in decided) throw new Error(decided.refused);
      facts = [...facts, ...recorded(decided, at(1), facts.length)];
    };
    const why = () => {
      const state = foldCandidate(facts)!;
      return whyCandidate(state, read(facts, 1), []);
    };
    expect(why()).toMatchObject({ paged: true, says: expect.stringContaining('being told') });
    add(tellPage(foldCandidate(facts), { page: 1, to: [] }) as readonly AnyFact[]);
    expect(tellPage(foldCandidate(facts), { page: 1, to: [] })).toEqual([]);
    expect(why()).toMatchObject({
      paged: false,
      says: 'It paged as Sev 2, and nobody could be told: no channel is subscribed to pages.',
    });
    facts = paged(grown([0, [verified()]]), 0);
    add(tellPage(foldCandidate(facts), { page: 1, to: [{ id: 'sub_1', name: 'Pager' }] }) as readonly AnyFact[]);
    const taken = { page: 1, to: 'sub_1', taken: true, says: 'answered 200' };
    add(handPage(foldCandidate(facts), taken) as readonly AnyFact[]);
    expect(handPage(foldCandidate(facts), taken)).toEqual([]);
    expect(why().says).toContain('1 of 1 channel took it');
  });

  it('never pages on heuristics alone, and always on a source that may page alone, in whatever order', () => {
    const one = fc.record({
      evidenceClass: fc.constantFrom('weak' as const, 'strong' as const),
      channel: fc.constantFrom('output-filter' as const, 'feedback' as const, 'external' as const),
      detector: fc.constantFrom('a', 'b'),
      severityHint: fc.constantFrom(null, 1 as const, 3 as const),
      alone: fc.constantFrom(null, null, null, duty('somebody asked for it'), promised('it is seldom wrong')),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 8 }), (given) => {
        const facts = grown(
          ...given.map(
            ({ alone, ...it }, i) => [i, [signal({ ...it, ...(alone !== null && { pagesAlone: alone }) }, i)]] as const,
          ),
        );
        const { page } = read(facts, 1_000);
        const strong = given.some(({ evidenceClass }) => evidenceClass === 'strong');
        const second =
          new Set(given.map((it) => it.detector)).size > 1 || new Set(given.map((it) => it.channel)).size > 1;
        if (given.some(({ alone }) => alone !== null)) expect(page).not.toBeNull();
        else if (!strong || !second) expect(page).toBeNull();
      }),
    );
  });
});

describe('what its sources say is over', () => {
  const members = [signal({ id: 'sig_a' }), complaint()];
  const facts = grown([0, members]);
  const first = foldCandidate(facts)!;
  const counted = { counted: members, left: [] };
  const silence = { kind: 'silence', says: '', of: 'sil_1', signals: 1 } as const;
  const over = new Map(members.map(({ id }, i) => [id as string, at(60 + i)]));
  const [one, other] = members as [Signal, Signal];
  it.each([
    ['all of it', counted, over, 0, at(61)],
    ['all but one', counted, new Map([[one.id as string, at(60)]]), 1, null],
    ['all that was weighed, and another goes on', counted, over, 1, null],
    [
      'all that counts; what goes on is silenced',
      { counted: [one], left: [{ signal: other, why: silence }] },
      new Map([[one.id as string, at(60)]]),
      1,
      at(60),
    ],
    [
      'what counts not; the rest is silenced',
      { counted: [one], left: [{ signal: other, why: silence }] },
      new Map([[other.id as string, at(60)]]),
      1,
      null,
    ],
    ['nothing', counted, new Map<string, Instant>(), 2, null],
  ] as const)('%s: %#', (_name, weighed, resolved, going, since) =>
    expect(overSince(weighed, resolved, going)).toBe(since),
  );

  it('pages nobody, not even again, and says so; what goes on pages', () => {
    const reading = (state: Candidate, seconds: number, overAt: Instant | null) =>
      readPage(state, { ...counted, overSince: overAt }, at(seconds), SHIPPED_TABLE);
    expect(reading(first, 90, at(61))).toMatchObject({ page: null, next: null, hindrances: [{ kind: 'resolved' }] });
    expect(reading(first, 90, null).page).toMatchObject({ cause: 'two-agree' });
    const due = dueFor(first, { at: at(1), by }, { weighed: counted, table: SHIPPED_TABLE });
    const paged = foldCandidate([...facts, ...recorded(due.facts, at(1), facts.length)])!;
    expect(reading(paged, 3_700, null).page).toMatchObject({ cause: 'not-acknowledged' });
    const quiet = reading(paged, 3_700, at(61));
    expect(quiet.page).toBeNull();
    expect(whyCandidate(paged, quiet, []).hindrances.at(-1)!.says).toBe(
      'its source says that it is over since 2026-11-20 10:01 UTC, so nobody is told again; it stays open until somebody decides',
    );
  });
});

describe('a silence', () => {
  const said = {
    silence: 'sil_1',
    system: 'support-bot',
    detector: null,
    archetype: null,
    channel: null,
    text: null,
    reason: 'planned test',
    owner: 'QA',
    until: at(3_600),
    holdsSevOne: false,
  } as const;
  const set = (part: object = {}) => {
    const facts = setSilence(null, { ...said, ...part }, BEGIN, 0);
    if (isRefusal(facts)) throw new Error(facts.why);
    return recorded(facts, BEGIN);
  };

  it.each([
    ['the past', { until: at(-1) }, 'silence.bad-expiry'],
    ['more than a week', { until: at(8 * 86_400) }, 'silence.bad-expiry'],
    ['everything', { system: null }, 'silence.matches-all'],
  ])('is refused for %s', (_name, part, code) =>
    expect(setSilence(null, { ...said, ...part }, BEGIN, 0)).toMatchObject({ refused: code }),
  );
  it('is bounded, ends by itself, and is extended only while it lasts', () => {
    expect(setSilence(null, said, BEGIN, MOST_SILENCES)).toMatchObject({ refused: 'silence.too-many' });
    let facts = set();
    const state = () => foldSilence(facts);
    expect(expireSilence(state(), at(3_599), 4)).toEqual([]);
    expect(extendSilence(state(), { until: at(9 * 86_400), reason: 'x' }, at(1))).toMatchObject({
      refused: 'silence.bad-expiry',
    });
    expect(extendSilence(state(), { until: at(7_200), reason: 'x' }, at(1))).toMatchObject([
      { type: 'silence.extended' },
    ]);
    facts = [...facts, ...recorded(expireSilence(state(), at(3_600), 4) as readonly AnyFact[], at(3_600), 1)];
    expect(state()?.over).toMatchObject({ silenced: 4 });
    expect(endSilence(state(), { reason: 'x', silenced: 0 })).toEqual([]);
    expect(extendSilence(state(), { until: at(7_200), reason: 'x' }, at(1))).toMatchObject({ refused: 'silence.over' });
    expect(endSilence(null, { reason: 'x', silenced: 0 })).toMatchObject({ refused: 'silence.unknown' });
  });

  it.each([
    ['another system', signal({ system: 'sales-bot' }), {}, false],
    ['its system', signal(), {}, true],
    ['words in any case', signal({ text: 'A Known Test ran' }), { text: 'known test' }, true],
    ['other words', signal(), { text: 'known test' }, false],
    ['after its end', signal({}, 3_600), {}, false],
    ['before its begin', signal({}, -1), {}, false],
  ])('holds back %s: %#', (_name, it_, part, silent) => expect(isSilenced(it_, foldSilence(set(part))!)).toBe(silent));

  it('is broken by a finding that proves itself at Sev 1, unless it says otherwise', () => {
    const grave = verified({ severityHint: 1 });
    const held = (part: object) => weigh([grave], [foldSilence(set(part))!], [], 2).left.length;
    expect(held({})).toBe(0);
    expect(held({ holdsSevOne: true })).toBe(1);
    expect(weigh([verified()], [foldSilence(set())!], [], 2).left[0]?.why).toMatchObject({
      kind: 'silence',
      of: 'sil_1',
    });
  });

  it('keeps a candidate from paging and is named as the reason', () => {
    const members = [signal(), complaint()];
    const facts = grown([0, members]);
    const candidate = foldCandidate(facts)!;
    const weighed = weigh(members, [foldSilence(set())!], [], 2);
    const reading = readPage(candidate, weighed, at(1), SHIPPED_TABLE);
    expect(reading).toMatchObject({ page: null, hindrances: [{ kind: 'silence', signals: 2 }] });
    // A duty is silenced like everything else, and a silence is not broken by the severity its source names.
    const duties = [silent({ severityHint: 1 })];
    const held = weigh(duties, [foldSilence(set())!], [], 2);
    expect(readPage(foldCandidate(grown([0, duties]))!, held, at(90), SHIPPED_TABLE)).toMatchObject({
      page: null,
      hindrances: [{ kind: 'silence', signals: 1 }],
    });
    expect(whyCandidate(candidate, reading, []).says).toBe('Nobody was paged. Silenced: planned test (QA).');
    expect(
      whySignal(
        members[0]!,
        'placed',
        weigh([members[0]!], [foldSilence(set())!], [], 2),
        whyCandidate(candidate, reading, []),
      ).says,
    ).toContain('does not count');
    const told = { paged: true, says: 'It paged as Sev 2.', hindrances: [], nextAt: null };
    expect(whySignal(weak(), 'placed', null, told).says).toContain('This signal alone would not have');
    expect(whySignal(silent(), 'placed', null, told).says).toBe('It paged as Sev 2.');
    expect(whySignal(weak(), 'loose', null, null)).toMatchObject({ paged: false, hindrances: [{ kind: 'alone' }] });
  });
});

describe('a condition', () => {
  const of = (rule: ConditionRule) => {
    const facts = setCondition(
      null,
      { condition: 'con_1', system: 'support-bot', detector: null, kind: null, rule, reason: 'noisy' },
      0,
    );
    if (isRefusal(facts)) throw new Error(facts.why);
    return recorded(facts, BEGIN);
  };
  it.each([
    ['3 of 5, seen in 2', { kind: 'n-of-m', n: 3, m: 5, minutes: 10 }, [-60, -700], null, false],
    ['3 of 5, seen in 3', { kind: 'n-of-m', n: 3, m: 5, minutes: 10 }, [-60, -700, -2_900], null, true],
    ['3 of 5, the third too long ago', { kind: 'n-of-m', n: 3, m: 5, minutes: 10 }, [-60, -700, -3_100], null, false],
    ['more than 2 in 10 min, 2', { kind: 'rate', over: 2, minutes: 10 }, [-1, -2, -700], null, false],
    ['more than 2 in 10 min, 3', { kind: 'rate', over: 2, minutes: 10 }, [-1, -2, -599], null, true],
    ['warm-up, nothing seen', { kind: 'warm-up', observations: 200, days: 7 }, [], null, false],
    ['warm-up, by number', { kind: 'warm-up', observations: 200, days: 7 }, [], { count: 200, since: at(-60) }, true],
    [
      'warm-up, by days',
      { kind: 'warm-up', observations: 200, days: 7 },
      [],
      { count: 3, since: at(-8 * 86_400) },
      true,
    ],
  ] as const)('%s', (_name, rule, seconds, observed, met) =>
    expect(readCondition(foldCondition(of(rule))!, { times: seconds.map(at), observed }, BEGIN).met).toBe(met),
  );

  it('refuses what can never be met, is bounded, changes and goes', () => {
    const want = { condition: 'con_1', system: 'x', detector: null, kind: null, reason: 'r' } as const;
    const never = { kind: 'n-of-m', n: 6, m: 5, minutes: 10 } as const;
    const fine = { kind: 'rate', over: 2, minutes: 10 } as const;
    expect(setCondition(null, { ...want, rule: never }, 0)).toMatchObject({ refused: 'condition.bad-rule' });
    expect(setCondition(null, { ...want, rule: { kind: 'n-of-m', n: 5, m: 100, minutes: 1_440 } }, 0)).toMatchObject({
      refused: 'condition.bad-rule',
    });
    expect(setCondition(null, { ...want, rule: fine }, MOST_CONDITIONS)).toMatchObject({
      refused: 'condition.too-many',
    });
    expect(setCondition(null, { ...want, system: null, rule: fine }, 0)).toMatchObject({
      refused: 'condition.matches-all',
    });
    let facts = of(fine);
    expect(changeCondition(foldCondition(facts), { rule: never, reason: 'r' })).toMatchObject({
      refused: 'condition.bad-rule',
    });
    facts = [
      ...facts,
      ...recorded(removeCondition(foldCondition(facts), { reason: 'r' }) as readonly AnyFact[], at(1), 1),
    ];
    expect(removeCondition(foldCondition(facts), { reason: 'r' })).toEqual([]);
    expect(changeCondition(foldCondition(facts), { rule: fine, reason: 'r' })).toMatchObject({
      refused: 'condition.unknown',
    });
  });
});
