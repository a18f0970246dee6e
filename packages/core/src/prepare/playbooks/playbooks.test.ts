import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { SYSTEM_TYPES } from '../inventory/index.ts';
import {
  adoptPlaybook,
  changePlaybook,
  chooseFor,
  DONE_BY,
  diffPlaybooks,
  foldPlaybook,
  PHASE_KEYS,
  PLAYBOOK_ARCHETYPES,
  type PlaybookContent,
  type PlaybookFact,
  type PlaybookStep,
  playbookArchetype,
  retirePlaybook,
  SHIPPED,
} from './index.ts';

const content = SHIPPED.find(({ key }) => key === 'prompt-injection.agent')!.content;
const recorded = (facts: readonly PlaybookFact[]): Recorded[] =>
  facts.map((fact, i) => ({
    ...fact,
    seq: i + 1,
    stream: 'plb_1',
    version: i + 1,
    at: instant(i),
    by: { kind: 'person', id: 'usr_1' },
  }));
const adopted = (change: Partial<Parameters<typeof adoptPlaybook>[1]> = {}, taken: `plb_${string}` | null = null) =>
  adoptPlaybook(
    null,
    { playbook: 'plb_1', key: 'own', content, source: null, because: 'first', shipped: null, ...change },
    taken,
  );

describe('the shipped playbooks', () => {
  it('cover every archetype, with keys, owners and phases that hold together', () => {
    expect(new Set(SHIPPED.map((each) => each.content.archetype))).toEqual(new Set(PLAYBOOK_ARCHETYPES));
    expect(new Set(SHIPPED.map((each) => each.key)).size).toBe(SHIPPED.length);
    for (const { key, content: each } of SHIPPED) {
      expect(new Set(each.steps.map((step) => step.key)).size, key).toBe(each.steps.length);
      expect(new Set(each.steps.map((step) => step.phase)), key).toEqual(new Set(PHASE_KEYS));
      for (const step of each.steps) {
        expect(step.owner, `${key} ${step.key}`).not.toBeNull();
        if (step.doneBy !== null) expect(step.doneBy).toMatch(DONE_BY);
      }
      expect(
        each.steps.some((step) => step.control !== null && step.mayRun === 'containment.order'),
        key,
      ).toBe(true);
    }
  });

  it('give one for each archetype and any type of system, and none for what nobody has named', () => {
    const all = SHIPPED.map(({ key, content: c }) => ({
      key,
      archetype: c.archetype,
      systemType: c.systemType,
      own: false,
    }));
    for (const archetype of PLAYBOOK_ARCHETYPES)
      for (const type of [...SYSTEM_TYPES, null]) expect(chooseFor(all, archetype, type)?.archetype).toBe(archetype);
    expect(chooseFor(all, 'vendor-outage', 'voice')?.key).toBe('vendor-failure.voice');
    expect(chooseFor(all, 'outside', 'agent')).toBeNull();
    expect(chooseFor(all, null, 'agent')).toBeNull();
    const own = { key: 'z-ours', archetype: 'prompt-injection', systemType: 'agent', own: true } as const;
    expect(chooseFor([...all, own], 'prompt-injection', 'agent')?.key).toBe('z-ours');
    expect(chooseFor([...all, own], 'prompt-injection', 'voice')?.key).toBe('prompt-injection.voice');
    expect(playbookArchetype('nonsense')).toBeNull();
  });
});

describe('versions', () => {
  it('keeps the shipped one as version 1 when it is changed, and refuses a change made on an old version', () => {
    const changed = { ...content, name: 'Ours' };
    const facts = adopted({ content: changed, shipped: { edition: '2026.11', content } });
    expect(facts).toMatchObject([{ type: 'playbook.adopted' }, { type: 'playbook.changed', data: { version: 2 } }]);
    const playbook = foldPlaybook(recorded(facts as PlaybookFact[]))!;
    expect(playbook.versions.map((v) => v.content.name)).toEqual([content.name, 'Ours']);
    const again = { source: null, because: 'x' };
    expect(changePlaybook(playbook, { ...again, content: changed, from: 2 })).toEqual([]);
    expect(changePlaybook(playbook, { ...again, content, from: 1 })).toMatchObject({
      refused: 'playbook.changed-meanwhile',
    });
    expect(changePlaybook(playbook, { ...again, content, from: 2 })).toMatchObject([{ data: { version: 3 } }]);
    expect(changePlaybook(null, { ...again, content, from: null })).toMatchObject({ refused: 'playbook.unknown' });
    expect(retirePlaybook(playbook, { reason: 'old' })).toHaveLength(1);
  });

  it.each<[string, (steps: readonly PlaybookStep[]) => readonly PlaybookStep[], string]>([
    ['no step', () => [], '/steps'],
    ['too many steps', (s) => Array.from({ length: 201 }, (_, i) => ({ ...s[0]!, key: `k${i}` })), '/steps'],
    ['a key twice', (s) => [s[0]!, s[0]!], '/steps/1/key'],
    ['a tick nobody knows', (s) => [{ ...s[0]!, doneBy: 'magic' }], '/steps/0/doneBy'],
  ])('refuses %s', (_name, steps, pointer) => {
    expect(adopted({ content: { ...content, steps: steps(content.steps) } })).toMatchObject({
      refused: 'playbook.bad-step',
      pointer,
    });
  });

  it('refuses a key that is taken', () => {
    expect(isRefusal(adopted({}, 'plb_2'))).toBe(true);
  });
});

describe('the difference between versions', () => {
  it('is empty for the same, and tells added, removed, changed and moved apart', () => {
    expect(diffPlaybooks(content, content)).toEqual({ head: [], steps: [] });
    const [a, b, c, ...rest] = content.steps;
    const extra = { ...a!, key: 'extra' };
    const after: PlaybookContent = {
      ...content,
      name: 'N',
      steps: [c!, a!, { ...b!, text: 'other' }, ...rest.slice(1), extra],
    };
    const { head, steps } = diffPlaybooks(content, after);
    expect(head).toEqual([{ member: 'name', before: content.name, after: 'N' }]);
    expect(steps.map(({ change, key, members }) => [change, key, ...members])).toEqual([
      ['moved', c!.key],
      ['changed', b!.key, 'text'],
      ['added', 'extra'],
      ['removed', rest[0]!.key],
    ]);
  });

  it('names every step that is not in both, whatever was shuffled, and nothing else as added or removed', () => {
    const keys = content.steps.map((step) => step.key);
    fc.assert(
      fc.property(fc.shuffledSubarray(keys), fc.shuffledSubarray(keys), (x, y) => {
        const of = (names: readonly string[]) => ({
          ...content,
          steps: names.map((key) => content.steps.find((s) => s.key === key)!),
        });
        const { steps } = diffPlaybooks(of(x), of(y));
        const named = (change: string) =>
          steps
            .filter((s) => s.change === change)
            .map((s) => s.key)
            .sort();
        expect(named('added')).toEqual(y.filter((k) => !x.includes(k)).sort());
        expect(named('removed')).toEqual(x.filter((k) => !y.includes(k)).sort());
        const moved = new Set(named('moved'));
        const still = (names: readonly string[]) =>
          names.filter((k) => x.includes(k) && y.includes(k) && !moved.has(k));
        expect(still(x)).toEqual(still(y));
      }),
    );
  });
});
