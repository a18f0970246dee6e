import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containmentVectors, snapshotOf, spokenOf } from '../../../../../conformance/containment.ts';
import { inTest } from '../control-tests/index.ts';
import {
  applyMessage,
  type Control,
  compile,
  deltaBetween,
  type HoldInForce,
  isNack,
  placeOf,
  type RequestContext,
  readMessage,
  type Snapshot,
  stateText,
  verdictFor,
} from './index.ts';
import { ACTIONS } from './verdict.ts';

const feature = fc.constantFrom('answers', 'refunds', 'summary');
const version = fc.constantFrom('v1', 'v2', 'v3');
const country = fc.constantFrom('DE', 'FR', 'US');
const agent = fc.constantFrom('clerk', 'buyer');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

const control: fc.Arbitrary<Control> = fc
  .oneof(
    fc.record({ kind: fc.constant('disable'), feature: maybe(feature) }),
    fc.record({ kind: fc.constant('route'), feature: maybe(feature), to: fc.record({ prompt: version }) }),
    fc.record({
      kind: fc.constant('fence'),
      feature: maybe(feature),
      countries: fc.record({ mode: fc.constantFrom('deny', 'allow'), list: fc.uniqueArray(country, { minLength: 1 }) }),
    }),
    fc.record({ kind: fc.constant('fence'), feature: maybe(feature), audience: fc.constant('authenticated') }),
    fc.record({ kind: fc.constant('revoke'), agent: maybe(agent), tools: maybe(fc.constant(['mail'])) }),
    fc.record({ kind: fc.constant('review'), feature: maybe(feature), tools: maybe(fc.constant(['refund'])) }),
    fc.record({ kind: fc.constant('block'), phrases: fc.constant(['one device']) }),
    fc.record({ kind: fc.constant('retrieval'), index: fc.constant('kb') }),
    fc.record({
      kind: fc.constant('limit'),
      requests: fc.constant(3),
      seconds: fc.constant(60),
      per: fc.constant('subject'),
    }),
    fc.record({ kind: fc.constant('settings'), feature: maybe(feature), temperature: fc.constantFrom(0, 0.5, 1) }),
  )
  .map((value) => without(value) as unknown as Control);

const holds: fc.Arbitrary<HoldInForce[]> = fc
  .array(fc.tuple(control, fc.constantFrom('bot', 'shop'), maybe(fc.constantFrom(0, 50, 100))), { maxLength: 8 })
  .map((list) =>
    list.map(([what, system, percent], index) => ({
      hold: `hld_${index}` as const,
      number: index,
      incident: 'inc_1' as const,
      system,
      what,
      order: index + 1,
      ...(percent === undefined ? {} : { release: { percent, step: 1 } }),
    })),
  );
const request: fc.Arbitrary<RequestContext> = fc
  .record({
    system: fc.constantFrom('bot', 'shop'),
    feature: maybe(feature),
    prompt: maybe(version),
    country: maybe(country),
    authenticated: maybe(fc.boolean()),
    agent: maybe(agent),
    tool: maybe(fc.constantFrom('mail', 'refund')),
    index: maybe(fc.constant('kb')),
    text: maybe(fc.constantFrom('One device only', 'hello')),
    subject: maybe(fc.constantFrom('ann', 'bob', 'cem')),
  })
  .map(without);

const snapshot = (list: readonly HoldInForce[], epoch: number): Snapshot => ({
  schema: 1,
  system: '*',
  generation: 1,
  epoch,
  holds: list,
});

describe('the verdict', () => {
  it.each(containmentVectors.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(spokenOf(vector, verdictFor(vector.holds, vector.request))).toEqual(vector.expect);
    expect(spokenOf(vector, compile(snapshotOf(vector)).check(vector.request.system, vector.request))).toEqual(
      vector.expect,
    );
  });

  it('refuses exactly when one hold alone would refuse', () => {
    fc.assert(
      fc.property(holds, request, (list, asked) => {
        const alone = list.some((hold) => verdictFor([hold], asked).action === 'deny');
        expect(verdictFor(list, asked).action === 'deny').toBe(alone);
      }),
    );
  });

  it('is the refusals of whatever is on, through any sequence of ordering and lifting', () => {
    fc.assert(
      fc.property(holds, fc.array(fc.nat(7), { maxLength: 30 }), request, (list, switches, asked) => {
        const on = new Set<HoldInForce>();
        for (const each of switches) {
          const hold = list[each];
          if (hold === undefined) continue;
          if (!on.delete(hold)) on.add(hold);
          const verdict = verdictFor([...on], asked);
          const alone = [...on].some((other) => verdictFor([other], asked).action === 'deny');
          expect(verdict.action === 'deny').toBe(alone);
        }
      }),
    );
  });

  it('does not loosen one hold when another is lifted', () => {
    fc.assert(
      fc.property(holds, fc.nat(7), request, (list, gone, asked) => {
        const left = list.filter((_, index) => index !== gone);
        if (left.some((hold) => verdictFor([hold], asked).action === 'deny'))
          expect(verdictFor(left, asked).action).toBe('deny');
      }),
    );
  });

  it('is the same from the compiled snapshot', () => {
    fc.assert(
      fc.property(holds, request, (list, asked) => {
        expect(compile(snapshot(list, 7)).check(asked.system, asked)).toEqual(verdictFor(list, asked, 7));
      }),
    );
  });

  it('of real requests is the same whatever is being tested, judged singly or compiled', () => {
    fc.assert(
      fc.property(holds, fc.array(control, { minLength: 1, maxLength: 4 }), request, (list, tried, asked) => {
        const tests = tried.map(
          (of, index): HoldInForce => ({
            hold: `hld_test${index}`,
            number: 0,
            incident: 'inc_test',
            system: asked.system,
            what: inTest({ test: `tst_${index}`, what: of }),
            order: 1_000 + index,
          }),
        );
        for (const mark of [undefined, 'tst_of-another'] as const) {
          const made: RequestContext = mark === undefined ? asked : { ...asked, test: mark };
          expect(verdictFor([...tests, ...list], made, 7)).toEqual(verdictFor(list, asked, 7));
          const compiled = compile(snapshot([...list, ...tests], 7));
          expect(compiled.check(asked.system, made)).toEqual(compile(snapshot(list, 7)).check(asked.system, asked));
        }
        expect(readMessage(JSON.parse(JSON.stringify(snapshot(tests, 7))))).not.toHaveProperty('nack');
      }),
    );
  });

  it('of a made-up request is never milder than without its test', () => {
    fc.assert(
      fc.property(holds, control, request, (list, of, asked) => {
        const what = inTest({ test: 'tst_1', what: of });
        const test = { hold: 'hld_t', number: 0, incident: 'inc_t', system: asked.system, what, order: 99 } as const;
        const before = verdictFor(list, asked);
        const after = verdictFor([...list, test], { ...asked, test: 'tst_1' });
        expect(ACTIONS.indexOf(after.action)).toBeGreaterThanOrEqual(
          ACTIONS.indexOf(before.action === 'reroute' ? 'allow' : before.action),
        );
      }),
    );
  });

  it('enforces nothing of a test where its kind is not known', () => {
    const older = { ...inTest({ test: 'tst_1', what: { kind: 'disable' } }), kind: 'test-of-tomorrow' } as never;
    const hold: HoldInForce = { hold: 'hld_1', number: 0, incident: 'inc_1', system: 'bot', what: older, order: 1 };
    const compiled = compile(snapshot([hold], 2));
    expect(compiled.unsupported).toEqual(['hld_1']);
    expect(compiled.check('bot', {}).action).toBe('allow');
  });

  it('is one frozen object when nothing applies', () => {
    const compiled = compile(snapshot([], 3));
    expect(compiled.check('bot', {})).toBe(compiled.allow);
    expect(Object.isFrozen(compiled.allow)).toBe(true);
  });

  it('names the holds it does not understand', () => {
    const unknown = {
      hold: 'hld_x',
      number: 1,
      incident: 'inc_1',
      system: 'bot',
      what: { kind: 'throttle' },
      order: 1,
    } as const;
    expect(compile(snapshot([unknown], 1)).unsupported).toEqual(['hld_x']);
  });
});

describe('snapshots and deltas', () => {
  it('a delta leads where the snapshot stands', () => {
    fc.assert(
      fc.property(holds, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (list, stays) => {
        const before = snapshot(
          list.filter((_, index) => index % 2 === 0),
          4,
        );
        const after = snapshot(
          list.filter((_, index) => stays[index]),
          9,
        );
        const delta = readMessage(JSON.parse(JSON.stringify(deltaBetween(before, after))));
        if (isNack(delta)) throw new Error(delta.why);
        const reached = applyMessage(before, delta);
        expect(reached).toEqual(after);
        expect(stateText(reached as Snapshot)).toBe(stateText(after));
      }),
    );
  });

  it('a hold that lets go further is taken out and put back, and its state is another one', () => {
    const [one] = containmentVectors.find(({ name }) => name.includes('first quarter'))!.holds as [HoldInForce];
    const further = { ...one, release: { percent: 50, step: 2 } };
    const before = snapshot([one], 4);
    const after = snapshot([further], 5);
    const delta = deltaBetween(before, after);
    expect(delta).toMatchObject({ add: [further], remove: [one.hold] });
    expect(applyMessage(before, delta)).toEqual(after);
    expect(stateText(before)).not.toBe(stateText({ ...after, epoch: 4 }));
  });

  it('places subjects evenly, and elsewhere for another hold', () => {
    const people = Array.from({ length: 2_000 }, (_, index) => `user-${index}`);
    const let25 = (hold: string) => people.filter((subject) => placeOf(hold, subject) < 25);
    expect(let25('hld_a').length).toBeGreaterThan(400);
    expect(let25('hld_a').length).toBeLessThan(600);
    expect(let25('hld_a')).not.toEqual(let25('hld_b'));
  });

  const held = snapshot([], 5);
  const refused: [string, unknown, string][] = [
    ['a step from elsewhere', { schema: 1, system: '*', generation: 1, from: 4, epoch: 6, add: [], remove: [] }, 'gap'],
    [
      'a step that removes what is not held',
      { schema: 1, system: '*', generation: 1, from: 5, epoch: 6, add: [], remove: ['hld_1'] },
      'gap',
    ],
    ['an older epoch', { schema: 1, system: '*', generation: 1, epoch: 4, holds: [] }, 'older'],
    ['an older generation', { schema: 1, system: '*', generation: 0, epoch: 90, holds: [] }, 'older'],
    ['a schema of the future', { schema: 2, system: '*', generation: 1, epoch: 6, holds: [] }, 'schema'],
    ['another system', { schema: 1, system: 'shop', generation: 1, epoch: 6, holds: [] }, 'system'],
    ['something else', ['no'], 'malformed'],
    [
      'a fence with blank fields',
      {
        schema: 1,
        system: '*',
        generation: 1,
        epoch: 6,
        holds: [
          {
            hold: 'hld_1',
            number: 1,
            incident: 'inc_1',
            system: 'bot',
            order: 6,
            what: { kind: 'fence', countries: {} },
          },
        ],
      },
      'malformed',
    ],
    [
      'a route to nowhere',
      {
        schema: 1,
        system: '*',
        generation: 1,
        epoch: 6,
        holds: [{ hold: 'hld_1', number: 1, incident: 'inc_1', system: 'bot', order: 6, what: { kind: 'route' } }],
      },
      'malformed',
    ],
  ];
  it.each(refused)('refuses %s', (_, message, code) => {
    const read = readMessage(message);
    const result = isNack(read) ? read : applyMessage(held, read);
    expect(isNack(result) && result.nack).toBe(code);
  });

  it('takes a smaller epoch of a newer generation, and keeps its state when told again', () => {
    const newer = { ...held, generation: 2, epoch: 1 };
    expect(applyMessage(held, newer)).toEqual(newer);
    expect(applyMessage(held, { ...held })).toBe(held);
  });

  it('never throws, whatever arrives', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readMessage(value)));
  });
});
