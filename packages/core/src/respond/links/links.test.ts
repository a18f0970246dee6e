import { describe, expect, it } from 'vitest';
import { type AnyFact, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  addLink,
  askAgain,
  attempted,
  dueFor,
  endSubscription,
  eventOf,
  foldLinks,
  foldSubscription,
  MOST_ATTEMPTS,
  makeSubscription,
  plainAddress,
  removeLink,
  tellLink,
} from './index.ts';

const at = instant('2026-11-20T20:00:00Z');
const by = { kind: 'person', id: 'usr_1' } as const;
const add = (past: readonly Recorded[], decision: Decision<AnyFact>): Recorded[] => {
  if (isRefusal(decision)) throw new Error(decision.why);
  return [
    ...past,
    ...decision.map((fact, i) => ({ ...fact, at, by, seq: 0, version: past.length + i + 1, stream: 'x' })),
  ];
};
const said = {
  kind: 'ticket',
  tool: 'jira',
  url: 'https://example.test/browse/OPS-17',
  key: 'OPS-17',
  title: '',
} as const;
const declared = add([], [{ type: 'incident.declared', data: {} }]);

describe('a link', () => {
  it.each([
    ['https://Example.TEST/a/', 'https://example.test/a'],
    ['HTTP://h:8080', 'http://h:8080'],
    ['https://[2001:db8::1]/x?y=1#z', 'https://[2001:db8::1]/x?y=1#z'],
    ['https://user:secret@h/x', null],
    ['javascript:alert(1)', null],
    ['ftp://h/x', null],
    ['https://', null],
    ['https://h/a b', null],
    ['//h/x', null],
  ])('%s is compared as %s', (given, plain) => expect(plainAddress(given)).toBe(plain));

  it('is the same one by its address, or by its key in the same tool', () => {
    const facts = add(declared, addLink(foldLinks(declared), { link: 'lnk_1', ...said }));
    const again = (part: object) => addLink(foldLinks(facts), { link: 'lnk_2', ...said, ...part });
    expect(again({})).toEqual([]);
    expect(again({ url: 'https://EXAMPLE.test/browse/OPS-17/', key: '', tool: '' })).toEqual([]);
    expect(again({ url: 'https://example.test/other', key: 'ops-17', tool: 'Jira' })).toEqual([]);
    expect(again({ url: 'https://example.test/other', tool: 'github' })).toHaveLength(1);
    expect(again({ url: 'mailto:x' })).toMatchObject({ refused: 'link.bad-address' });
    expect(addLink(foldLinks([]), { link: 'lnk_1', ...said })).toMatchObject({ refused: 'incident.unknown' });
  });

  it('keeps what the other tool says beside our state, each state once', () => {
    let facts = add(declared, addLink(foldLinks(declared), { link: 'lnk_1', ...said }));
    facts = add(facts, tellLink(foldLinks(facts), { link: 'lnk_1', state: 'Closed' }));
    expect(foldLinks(facts).links[0]?.told).toEqual({ state: 'Closed', at });
    expect(tellLink(foldLinks(facts), { link: 'lnk_1', state: 'Closed' })).toEqual([]);
    expect(tellLink(foldLinks(facts), { link: 'lnk_9', state: 'Closed' })).toEqual([]);
    facts = add(facts, removeLink(foldLinks(facts), { link: 'lnk_1', reason: 'the wrong one' }));
    expect(foldLinks(facts).links).toEqual([]);
  });

  it('is bounded in number', () => {
    const links = Array.from({ length: 100 }, (_, n) => ({
      type: 'link.added',
      data: { link: `lnk_${n}`, ...said, key: '', url: `https://h/${n}` },
    }));
    expect(addLink(foldLinks(add(declared, links)), { link: 'lnk_x', ...said })).toMatchObject({
      refused: 'link.too-many',
    });
  });
});

describe('what other tools are told', () => {
  it.each([
    ['incident.declared', {}, 'incident.declared'],
    ['incident.declared', { kind: 'near-miss' }, null],
    ['incident.declared', { drill: true }, null],
    ['incident.refiled', { to: 'normal' }, 'incident.declared'],
    ['incident.refiled', { to: 'near-miss' }, null],
    ['severity.called', { from: 3, to: 2 }, 'incident.severity-changed'],
    ['severity.called', { from: 2, to: 2 }, null],
    ['incident.systems-named', { from: [], to: ['bot'] }, 'incident.systems-named'],
    ['incident.moved', { to: 'contained' }, 'incident.contained'],
    ['incident.moved', { to: 'closed' }, 'incident.closed'],
    ['incident.moved', { to: 'open' }, null],
    ['note.written', {}, null],
  ])('%s %j is %s', (type, data, event) => expect(eventOf({ type, data })).toBe(event));

  const made = () =>
    add(
      [],
      makeSubscription(null, {
        subscription: 'sub_1',
        name: 'Jira',
        url: 'https://h/hook',
        events: ['incident.declared'],
      }),
    );
  const due = { delivery: 'dlv_1', event: 'incident.declared', about: 'inc_1', at, body: {} } as const;

  it('is tried a bounded number of times, each wait longer, then given up until somebody asks', () => {
    let facts = made();
    facts = add(facts, dueFor(foldSubscription(facts), due));
    expect(dueFor(foldSubscription(facts), due)).toEqual([]);
    expect(dueFor(foldSubscription(facts), { ...due, delivery: 'dlv_2', event: 'incident.closed' })).toEqual([]);
    const waits: (number | null)[] = [];
    for (let n = 0; n < MOST_ATTEMPTS; n++) {
      facts = add(facts, attempted(foldSubscription(facts), { delivery: 'dlv_1', how: { status: 503 } }));
      waits.push(facts.at(-1)!.data.againAfterMs);
    }
    expect(waits.at(-1)).toBeNull();
    expect(waits.slice(0, -1)).toEqual([...waits.slice(0, -1)].sort((a, b) => a! - b!));
    expect(foldSubscription(facts)?.deliveries.get('dlv_1')).toMatchObject({ state: 'dead', attempts: MOST_ATTEMPTS });
    expect(attempted(foldSubscription(facts), { delivery: 'dlv_1', how: { status: 200 } })).toEqual([]);
    facts = add(facts, askAgain(foldSubscription(facts), 'dlv_1'));
    facts = add(facts, attempted(foldSubscription(facts), { delivery: 'dlv_1', how: { status: 204 } }));
    expect(foldSubscription(facts)?.deliveries.get('dlv_1')).toMatchObject({ state: 'made', last: 'answered 204' });
  });

  it('ends when nobody is there any more (410), and then tells nothing', () => {
    let facts = made();
    facts = add(facts, dueFor(foldSubscription(facts), due));
    facts = add(facts, attempted(foldSubscription(facts), { delivery: 'dlv_1', how: { status: 410 } }));
    expect(foldSubscription(facts)).toMatchObject({ ended: { reason: 'the receiver answered 410 Gone' } });
    expect(dueFor(foldSubscription(facts), { ...due, delivery: 'dlv_2' })).toEqual([]);
    expect(askAgain(foldSubscription(facts), 'dlv_1')).toMatchObject({ refused: 'subscription.ended' });
    expect(endSubscription(foldSubscription(facts), 'again')).toEqual([]);
    expect(endSubscription(null, 'x')).toMatchObject({ refused: 'subscription.unknown' });
  });
});
