import { describe, expect, it } from 'vitest';
import { type AnyFact, type Asked, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { isNack, readCapsule } from '../containment/index.ts';
import { adoptCapsule, capsuleOf, endCapsule, foldCapsules, makeCapsule, noteApplied } from './index.ts';

const T0 = instant('2026-11-20T10:00:00Z');
const asked = (id: string): Asked => ({ by: { kind: 'person', id: `usr_${id}` }, at: T0 });
const behind = ({ id }: Asked['by']) => id;
const WANT = {
  capsule: 'cap_1',
  system: 'bot',
  name: 'Stop it all',
  what: [{ kind: 'disable' }, { kind: 'revoke', agent: 'clerk' }],
  days: 90,
} as const;
const code = (decision: Decision<AnyFact>) => (isRefusal(decision) ? decision.refused : decision.map((f) => f.type));

function system() {
  const facts: Recorded[] = [];
  return {
    do(decision: Decision<AnyFact>, by = asked('ana')) {
      if (isRefusal(decision)) throw new Error(decision.refused);
      for (const fact of decision)
        facts.push({
          ...fact,
          seq: facts.length + 1,
          version: facts.length + 1,
          stream: 'sys_1',
          at: by.at,
          by: by.by,
        });
    },
    get state() {
      return foldCapsules(facts);
    },
  };
}

describe('a capsule', () => {
  it('is made of what can only restrict, for a time, and reads as guards read it', () => {
    const it = system();
    it.do(makeCapsule(it.state, WANT, asked('ana')));
    const made = it.state.get('cap_1')!;
    expect(made).toMatchObject({ state: 'ready', until: '2027-02-18T10:00:00.000Z' });
    const read = readCapsule(JSON.parse(JSON.stringify(capsuleOf(made))), 'bot', '2027-02-18T10:00:00.000Z');
    expect(isNack(read)).toBe(false);
    expect(
      code(makeCapsule(it.state, { ...WANT, what: [{ kind: 'route', to: { prompt: 'v1' } }] }, asked('ana'))),
    ).toBe('capsule.loosens');
    expect(code(makeCapsule(it.state, { ...WANT, what: [] }, asked('ana')))).toBe('capsule.loosens');
    expect(code(makeCapsule(it.state, { ...WANT, days: 0 }, asked('ana')))).toBe('capsule.bad-end');
    expect(code(makeCapsule(it.state, { ...WANT, what: [{ kind: 'fence' }] }, asked('ana')))).toBe(
      'control.bad-parameters',
    );
  });

  it('is applied where instances say so, each once, and ended by somebody else', () => {
    const it = system();
    it.do(makeCapsule(it.state, WANT, asked('ana')));
    const applied = { capsule: 'cap_1', system: 'bot', instance: 'bot-1', host: 'a' } as const;
    it.do(noteApplied(it.state, applied));
    expect(noteApplied(it.state, applied)).toEqual([]);
    expect(noteApplied(it.state, { ...applied, capsule: 'cap_9' })).toEqual([]);
    expect(it.state.get('cap_1')).toMatchObject({ state: 'applied', applied: [{ instance: 'bot-1' }] });
    const end = { capsule: 'cap_1', reason: 'over' } as const;
    expect(code(endCapsule(it.state, end, asked('ana'), behind))).toBe('capsule.same-person');
    it.do(endCapsule(it.state, end, asked('ben'), behind), asked('ben'));
    expect(code(endCapsule(it.state, end, asked('ben'), behind))).toBe('capsule.over');
    expect(code(endCapsule(it.state, { ...end, capsule: 'cap_9' }, asked('ben'), behind))).toBe('capsule.unknown');
    expect(noteApplied(it.state, { ...applied, instance: 'bot-2' })).toEqual([]);
  });

  it('is adopted by one person, whoever made it: nothing is let go by that', () => {
    const it = system();
    it.do(makeCapsule(it.state, WANT, asked('ana')));
    const adopted = { incident: 'inc_1', holds: ['hld_1'] } as const;
    it.do(adoptCapsule(it.state, { capsule: 'cap_1', reason: 'r', adopted }));
    expect(it.state.get('cap_1')?.ended).toMatchObject({ adopted });
  });

  it('is one of a bounded number', () => {
    const it = system();
    for (let count = 0; count < 200; count += 1)
      it.do(makeCapsule(it.state, { ...WANT, capsule: `cap_${count}` }, asked('ana')));
    expect(code(makeCapsule(it.state, { ...WANT, capsule: 'cap_more' }, asked('ana')))).toBe('capsule.too-many');
  });
});
