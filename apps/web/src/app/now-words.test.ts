import { describe, expect, it } from 'vitest';
import { heardOf, houseGaps, nowSentence, unready } from './now-words.ts';

const NOW = Date.parse('2026-11-20T23:30:00.000Z');
const bot = { key: 'bot', name: 'Bot', owner: 'Support', retired: false };

describe('the line under Now', () => {
  it('says what lies below, and who is missing', () => {
    expect(
      nowSentence([{ label: 'INC-2026-0042', severity: 2, state: 'open', commander: null }], 2, [
        { confirmation: 'failed' },
      ]),
    ).toBe(
      '1 incident open, 2 candidates waiting, 1 hold in force. Nobody commands INC-2026-0042. 1 hold is not obeyed everywhere.',
    );
    expect(nowSentence([], 0, [])).toBe('No incidents open, no candidates waiting, no holds in force.');
  });
});

describe('what is not ready', () => {
  it('is silent about what it cannot know yet', () => expect(unready([bot], null, null, NOW)).toEqual([]));
  it('names a system without guard, without telemetry, without owner', () => {
    expect(unready([{ ...bot, owner: '' }], [], [], NOW).map((gap) => gap.says)).toEqual([
      'has no live guard',
      'sends nothing',
      'has no owner',
    ]);
  });
  it('tells silence from absence', () => {
    const heard = (lastAt: string) => unready([bot], [{ system: 'bot', live: true }], [{ system: 'bot', lastAt }], NOW);
    expect(heard('2026-11-20T21:30:00.000Z')).toMatchObject([{ says: 'has been silent for 2 h' }]);
    expect(heard('2026-11-20T23:00:00.000Z')).toEqual([]);
  });
  it('hears a system by its predictions and its numbers as well, and claims nothing before it knows both', () => {
    const at = (lastAt: string) => `2026-11-20T${lastAt}:00.000Z`;
    const beats = [
      { kind: 'predictions', system: 'bot', lastAt: at('23:20') },
      { kind: 'measure', system: 'desk', lastAt: null },
      { kind: 'monitor', system: 'shop', lastAt: at('23:29') },
    ];
    const telemetry = [{ system: 'bot', lastAt: at('20:00') }];
    expect(heardOf(telemetry, beats)).toEqual([{ system: 'bot', lastAt: at('23:20') }]);
    expect(unready([bot], null, heardOf([], beats), NOW)).toEqual([]);
    expect(heardOf(null, beats)).toBeNull();
    expect(heardOf(telemetry, null)).toBeNull();
  });
  it('names channels that tell nobody, what cannot be stopped, and who is not registered', () => {
    const channel = { channel: 'feedback', state: 'unrouted', heardAt: null, routedTo: null } as const;
    const gaps = unready([bot], null, null, NOW, {
      channels: [{ system: 'bot', channels: [channel] }],
      controls: [{ system: 'bot', missing: [{ kind: 'stop-all' }] }],
      unregistered: [{ key: 'shadow' }],
    });
    expect(gaps.map(({ name, says }) => `${name} ${says}`)).toEqual([
      'Bot has no control that stops all of it',
      'Bot tells nobody of feedback of people served',
      'shadow is heard and not registered',
    ]);
  });
  it('names tripwires that do nothing', () => {
    const tripwire = { system: 'bot', name: 'Spend', state: 'armed', controlName: 'Stop' } as const;
    const gaps = (over: object) =>
      unready([bot], null, null, NOW, {
        channels: null,
        controls: null,
        unregistered: [],
        tripwires: [{ ...tripwire, ...over }],
      }).map(({ says }) => says);
    expect(gaps({})).toEqual([]);
    expect(gaps({ system: 'other', state: 'tripped' })).toEqual([]);
    expect(gaps({ state: 'tripped' })).toEqual(['has a tripwire that has tripped: “Spend”']);
    expect(gaps({ controlName: null })).toEqual(['has a tripwire that can do nothing: “Spend”']);
  });
  it('leaves retired systems in peace', () => expect(unready([{ ...bot, retired: true }], [], [], NOW)).toEqual([]));
});

describe('what of the house is not ready', () => {
  it('names a promise that is broken', () => {
    const of = (overdue: number) =>
      houseGaps({ roleGaps: null, risks: null, start: null, reviews: { overdue, waiting: 9 } });
    expect(of(0)).toEqual([]);
    expect(of(2)).toMatchObject([{ at: { to: '/review' }, says: 'has 2 pieces past their time' }]);
  });
  it('names a monitor that hears nothing, and leaves one that is paused in peace', () => {
    const monitor = { name: 'Press', paused: null, silent: { why: 'It answers a web page.' } };
    const monitors = [monitor, { ...monitor, paused: 'x' }, { ...monitor, silent: null }];
    expect(houseGaps({ roleGaps: null, risks: null, start: null, monitors })).toMatchObject([
      { at: { to: '/monitors' }, says: 'hears nothing', fix: 'It answers a web page.' },
    ]);
  });
  const risk = (title: string, overdue = true) => ({ title, overdue, reviewBy: '2026-11-01' });
  it('claims nothing about what is not known yet', () =>
    expect(houseGaps({ roleGaps: null, risks: null, start: null })).toEqual([]));
  it('says each thing once, and where it is mended', () => {
    const gaps = houseGaps({
      roleGaps: [{ why: 'Nobody is named as commander.' }, { why: 'Nobody steps in for the scribe.' }],
      risks: [risk('Invents rules'), risk('Fine', false)],
      start: '1 of 3 moves made.',
    });
    expect(gaps.map(({ at, name, says }) => `${at.to}: ${name} ${says}`)).toEqual([
      '/start: The start is not finished',
      '/roles: The role directory has 2 gaps',
      '/risks: Risk “Invents rules” was to be looked at again by 2026-11-01',
    ]);
    expect(gaps[1]!.fix).toBe('Nobody is named as commander. And 1 more.');
  });
  it('gathers many overdue risks into a line', () => {
    const gaps = houseGaps({ roleGaps: [], risks: ['a', 'b', 'c', 'd', 'e'].map((each) => risk(each)), start: null });
    expect(gaps).toHaveLength(4);
    expect(gaps[3]).toMatchObject({ name: '2 more', says: 'risks are overdue' });
  });
});

it('names the systems whose detection nobody drilled lately, once', () => {
  const house = { roleGaps: null, risks: null, start: null };
  expect(houseGaps({ ...house, drills: [{ name: 'Bot', stale: false }] })).toEqual([]);
  expect(houseGaps({ ...house, drills: [{ name: 'Bot', stale: true }] })[0]?.says).toBe(
    'was not drilled lately for Bot',
  );
  const two = [
    { name: 'A', stale: true },
    { name: 'B', stale: true },
  ];
  expect(houseGaps({ ...house, drills: two }).map(({ says }) => says)).toEqual([
    'was not drilled lately for 2 systems',
  ]);
});

it('says that pages reach nobody, once it is known', () => {
  const of = (pageChannels: readonly object[] | null) =>
    houseGaps({ roleGaps: null, risks: null, start: null, pageChannels }).map(({ name, says }) => `${name} ${says}`);
  expect([of(null), of([{}]), of([])]).toEqual([[], [], ['Pages reach nobody']]);
});

it('names signals that could not be grouped', () => {
  const of = (setAside: number | null) =>
    houseGaps({ roleGaps: null, risks: null, start: null, setAside }).map(({ name, says }) => `${name} ${says}`);
  expect([of(null), of(0), of(1), of(3)]).toEqual([
    [],
    [],
    ['One signal could not be grouped'],
    ['3 signals could not be grouped'],
  ]);
});
