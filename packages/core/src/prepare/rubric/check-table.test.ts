import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AXIS_NAMES,
  type Axes,
  adoptTable,
  DELIVERED,
  faultsOf,
  foldRubric,
  type Rule,
  type SeverityTable,
  SHIPPED_TABLE,
  suggestSeverity,
} from './index.ts';

const without = (table: SeverityTable, id: string): SeverityTable => ({
  ...table,
  rules: table.rules.filter((rule) => rule.id !== id),
});
const withRule = (rule: Rule): SeverityTable => ({
  ...SHIPPED_TABLE,
  examples: [],
  rules: [...SHIPPED_TABLE.rules, rule],
});

describe('a severity table', () => {
  it('as delivered has no fault, and its examples get the severity they are listed under', () => {
    expect(faultsOf(SHIPPED_TABLE)).toEqual([]);
    expect(new Set(SHIPPED_TABLE.examples.map((it) => it.severity))).toEqual(new Set([1, 2, 3, 4]));
  });

  it('in which a worse answer is milder is refused, with the answers that show it', () => {
    const rule: Rule = { id: 'X', severity: 1, reads: 'only mild harm', when: [{ harm: { atLeast: 1, atMost: 1 } }] };
    const [fault] = faultsOf(withRule(rule));
    expect(fault).toMatchObject({ pointer: `/rules/${SHIPPED_TABLE.rules.length}` });
    expect(fault!.why).toContain('“harm” gets worse (annoyance → wrong output acted on)');
    expect(fault!.why).toContain('because X no longer fires');
  });

  it.each([
    ['two rules of one name', { ...SHIPPED_TABLE.rules[0]! }, '/rules/16/id', 'Two rules are called S1.a'],
    ['a rule that always fires', { id: 'X', severity: 3, reads: 'all', when: [{}] }, '/rules/16/when/0', 'always fire'],
    [
      'a rule that never fires',
      { id: 'X', severity: 3, reads: 'none', when: [{ data: { atLeast: 3, atMost: 2 } }] },
      '/rules/16/when/0/data',
      'never fire',
    ],
  ] as [string, Rule, string, string][])('with %s is refused', (_name, rule, pointer, why) => {
    expect(faultsOf(withRule(rule))).toContainEqual(
      expect.objectContaining({ pointer, why: expect.stringContaining(why) }),
    );
  });

  it('that contradicts its own example is refused by the example', () => {
    const faults = faultsOf(without(without(SHIPPED_TABLE, 'S1.g'), 'S1.f'));
    expect(faults[0]).toMatchObject({ pointer: '/examples/0', why: expect.stringContaining('listed as Sev 1') });
  });

  it('with voice limits the wrong way round is refused', () => {
    const { sev1, sev2 } = SHIPPED_TABLE.voice;
    expect(faultsOf({ ...SHIPPED_TABLE, voice: { sev1: sev2, sev2: sev1 } })[0]).toMatchObject({ pointer: '/voice' });
  });

  it('of rules with lower bounds alone is always monotone', () => {
    const condition = fc.dictionary(
      fc.constantFrom(...AXIS_NAMES),
      fc.record({ atLeast: fc.integer({ min: 1, max: 4 }) }),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    );
    const rules = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('A', 'B', 'C', 'D'),
        severity: fc.constantFrom(1 as const, 2 as const, 3 as const),
        reads: fc.constant('a rule'),
        when: fc.array(condition, { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, selector: (it) => it.id },
    );
    fc.assert(
      fc.property(rules, (given) => {
        expect(faultsOf({ ...SHIPPED_TABLE, examples: [], rules: given })).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('gives its own voice limits to the call', () => {
    const strict = {
      ...SHIPPED_TABLE,
      voice: { ...SHIPPED_TABLE.voice, sev2: { p90Over: 3.5, completionUnder: 0.5 } },
    };
    const calm: Axes = { harm: 0, reach: 0, data: 0, regulatory: 0, autonomy: 0, control: 0 };
    const voice = { p90Seconds: 5, completion: 0.9 };
    expect(suggestSeverity(calm, { voice }).severity).toBe(4);
    expect(suggestSeverity(calm, { voice }, strict).severity).toBe(2);
  });
});

describe('adopting a table', () => {
  const changed = { ...SHIPPED_TABLE, definition: 'Whatever harms a customer of ours.' };
  it('makes the next version, with its reason', () => {
    const facts = adoptTable([DELIVERED], { table: changed, basedOn: 1, reason: ' ours ' });
    expect(facts).toEqual([{ type: 'rubric.adopted', data: { version: 2, table: changed, reason: 'ours' } }]);
    expect(foldRubric([]).map((it) => it.version)).toEqual([1]);
  });
  it.each([
    ['no to a version nobody has seen', changed, 7, 'x', { refused: 'rubric.changed-meanwhile', pointer: '/basedOn' }],
    ['no without a reason', changed, 1, ' ', { refused: 'rubric.reason-missing', pointer: '/reason' }],
    [
      'no to a faulty one',
      without(SHIPPED_TABLE, 'S3.a'),
      1,
      'x',
      { refused: 'rubric.faulty', pointer: '/table/rules/14' },
    ],
  ])('%s', (_name, table, basedOn, reason, expected) => {
    const decided = adoptTable([DELIVERED], { table, basedOn, reason });
    if (Array.isArray(expected)) expect(decided).toEqual(expected);
    else expect(decided).toMatchObject(expected);
  });
});
