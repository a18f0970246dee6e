import { describe, expect, it } from 'vitest';
import { type AnyFact, addMs, instant, type Recorded } from '../../kernel/index.ts';
import { dueMinute, SHIPPED } from '../../prepare/playbooks/index.ts';
import { foldRoom, guideAt, openPlaybook, tickStep } from './index.ts';

const T0 = instant('2026-11-20T20:00:00Z');
const at = (minute: number) => addMs(T0, minute * 60_000);
const record = (...facts: AnyFact[]): Recorded[] =>
  facts.map((fact, i) => ({
    ...fact,
    seq: i + 1,
    stream: 'inc_1',
    version: i + 1,
    at: T0,
    by: { kind: 'person', id: 'usr_1' },
  }));
const declared = { type: 'incident.declared', data: { provisional: true } };
const shipped = SHIPPED.find(({ key }) => key === 'prompt-injection.agent')!;
const opened = {
  type: 'playbook.opened',
  data: { key: shipped.key, version: '2026.11', because: 'archetype', ...shipped.content },
};
const step = (facts: Recorded[], key: string, minute = 0) =>
  guideAt(facts, T0, at(minute)).steps.find((each) => each.key === key);

describe('the phase guide', () => {
  it('follows what holds for every incident until a playbook is opened, then its steps', () => {
    expect(step(record(declared), 'pi-block')).toBeUndefined();
    expect(guideAt(record(declared), T0, T0).playbook).toBeNull();
    const guide = guideAt(record(declared, opened), T0, T0);
    expect(guide.playbook?.key).toBe('prompt-injection.agent');
    expect(guide.steps.map((each) => each.key)).toEqual(shipped.content.steps.map((each) => each.key));
  });

  it.each<[string, string, AnyFact[], 'fact' | null]>([
    ['a taken seat', 'commander', [{ type: 'role.taken', data: { role: 'commander', person: 'usr_1' } }], 'fact'],
    [
      'a seat that was left again',
      'commander',
      [
        { type: 'role.taken', data: { role: 'commander', person: 'usr_1' } },
        { type: 'role.released', data: { role: 'commander', person: 'usr_1' } },
      ],
      null,
    ],
    ['an order', 'ordered', [{ type: 'containment.ordered', data: { hold: 'hld_1' } }], 'fact'],
    ['an order nobody confirmed', 'confirmed', [{ type: 'containment.ordered', data: { hold: 'hld_1' } }], null],
    [
      'a confirmed order',
      'confirmed',
      [
        { type: 'containment.ordered', data: { hold: 'hld_1' } },
        { type: 'containment.confirmed', data: { hold: 'hld_1' } },
      ],
      'fact',
    ],
    [
      'a severity without open questions',
      'severity',
      [{ type: 'severity.called', data: { provisional: false } }],
      'fact',
    ],
    [
      'two of three times',
      'times',
      ['started', 'detected'].map((which) => ({ type: 'time.stated', data: { which } })),
      null,
    ],
    [
      'three times',
      'times',
      ['started', 'detected', 'contained'].map((which) => ({ type: 'time.stated', data: { which } })),
      'fact',
    ],
  ])('is ticked, or not, by %s', (_name, key, facts, done) => {
    expect(step(record(declared, ...facts), key)?.done).toBe(done);
  });

  it('calls an open step late once its minute has come, and a done one never', () => {
    const facts = record(declared, opened);
    for (const each of shipped.content.steps) {
      const due = dueMinute(each);
      expect(step(facts, each.key, due - 1)?.late, each.key).toBe(false);
      expect(step(facts, each.key, due)?.late, each.key).toBe(true);
    }
    const ticked = record(declared, opened, { type: 'step.ticked', data: { step: 'pi-block' } });
    expect(step(ticked, 'pi-block', 9_999)).toMatchObject({ done: 'person', late: false });
  });

  it('ticks only steps the room follows, and keeps ticks when another playbook is opened', () => {
    expect(tickStep(foldRoom(record(declared)), { step: 'pi-block', done: true })).toMatchObject({
      refused: 'step.unknown',
    });
    expect(tickStep(foldRoom(record(declared, opened)), { step: 'pi-block', done: true })).toHaveLength(1);
    const seen = record(declared, { type: 'step.ticked', data: { step: 'seen' } }, opened);
    expect(step(seen, 'seen')?.done).toBe('person');
    expect(openPlaybook(foldRoom(seen), opened.data)).toEqual([]);
    expect(openPlaybook(foldRoom([]), opened.data)).toMatchObject({ refused: 'incident.unknown' });
  });
});
