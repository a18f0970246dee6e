import { describe, expect, it } from 'vitest';
import { type Asked, addMs, type Instant, instant, type Recorded } from '../../kernel/index.ts';
import { foldRecordLock, LOCK_LIMITS, lockedUntil, releaseRecordLock, stands } from './index.ts';

const AT = instant('2026-11-10T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ana = { kind: 'person', id: 'usr_ana' } as const;
const bo = { kind: 'person', id: 'usr_bo' } as const;
const asked = (by: Asked['by'], at: Instant): Asked => ({ at, by });
const fact = (type: string, data: Record<string, unknown>, ms = 0, by: Asked['by'] = ana): Recorded => ({
  seq: 1,
  stream: 'inc_1',
  version: 1,
  type,
  at: addMs(AT, ms),
  by,
  data,
});
const declared = fact('incident.declared', { incident: 'inc_1', label: 'INC-2026-0001', candidate: 'cnd_1' });
const order = (ms: number, system = 'bot') => fact('containment.ordered', { hold: 'hld_1', system }, ms);
const closed = (ms: number) => fact('incident.moved', { from: 'open', to: 'closed', reason: 'over' }, ms);
const spans = (...facts: Recorded[]) =>
  foldRecordLock([declared, ...facts])!.spans.map(({ system, from, to }) => [
    system,
    (Date.parse(from) - Date.parse(AT)) / HOUR,
    (Date.parse(to) - Date.parse(AT)) / HOUR,
  ]);

describe('what is kept for an incident', () => {
  it('is its candidates, what facts name, and of each system with an order what came in before', () => {
    const id = (kind: string, n: string) => `${kind}_${n.repeat(32)}`;
    const lock = foldRecordLock([
      declared,
      fact('candidate.promoted', { candidate: 'cnd_1', incident: 'inc_1' }),
      fact('candidate.promoted', { candidate: 'cnd_2', incident: 'inc_1' }),
      fact('note.written', { note: 'nte_1', text: `See ${id('int', 'a')}, not int_short, and ${id('sig', 'b')}.` }),
      fact('actions.found', { of: 'inc_1', calls: [{ id: 'x', interaction: id('int', 'a') }] }),
    ])!;
    expect(lock.candidates).toEqual(['cnd_1', 'cnd_2']);
    expect(lock.records).toEqual([id('int', 'a'), id('sig', 'b')]);
    expect(lock.spans).toEqual([]);
    expect(foldRecordLock([order(0)])).toBeNull();
  });

  it('reaches back a day before the first sign, and never more than a week before the first order', () => {
    const noticed = (hours: number, which = 'detected') =>
      fact('time.stated', { which, at: addMs(AT, hours * HOUR), because: 'x' });
    expect(spans(order(HOUR))).toEqual([['bot', -24, 1]]);
    expect(spans(noticed(-3), order(HOUR))).toEqual([['bot', -27, 1]]);
    expect(spans(noticed(-3), noticed(-5, 'started'), order(HOUR))).toEqual([['bot', -29, 1]]);
    expect(spans(noticed(-300, 'contained'), order(HOUR))).toEqual([['bot', -24, 1]]);
    expect(spans(noticed(-24 * 30, 'started'), order(HOUR))).toEqual([['bot', 1 - 7 * 24, 1]]);
    expect(spans(order(10 * DAY))).toEqual([['bot', 3 * 24, 10 * 24]]);
  });

  it('has a span of its own for each later order, for each system, up to a number of them', () => {
    const [first, second, other] = [order(HOUR), order(3 * DAY), order(2 * HOUR, 'mailer')];
    expect(spans(first, other, second)).toEqual([
      ['bot', -24, 1],
      ['mailer', -24, 2],
      ['bot', 48, 72],
    ]);
    // Nothing is in two spans.
    expect(spans(first, order(2 * HOUR))[1]![1]).toBeCloseTo(1, 5);
    expect(spans(first, first)).toHaveLength(1);
    const many = Array.from({ length: 30 }, (_, n) => order(n * HOUR));
    expect(spans(...many)).toHaveLength(LOCK_LIMITS.orders);
  });
});

describe('the end of it', () => {
  it('comes after closing: by a person who did not close, or by itself after a number of days', () => {
    const open = foldRecordLock([declared, order(0)])!;
    const late = addMs(AT, 400 * DAY);
    expect([stands(open, late), lockedUntil(open)]).toEqual([true, null]);
    expect(releaseRecordLock(open, { reason: 'x' }, asked(bo, late))).toMatchObject({ refused: 'evidence.still-open' });
    expect(releaseRecordLock(null, { reason: 'x' }, asked(bo, late))).toMatchObject({ refused: 'incident.unknown' });

    const over = foldRecordLock([declared, order(0), closed(DAY)])!;
    const until = addMs(AT, (1 + LOCK_LIMITS.daysAfterClosing) * DAY);
    expect(lockedUntil(over)).toBe(until);
    expect([stands(over, addMs(until, -1)), stands(over, until)]).toEqual([true, false]);
    const soon = addMs(AT, 2 * DAY);
    expect(releaseRecordLock(over, { reason: 'x' }, asked(ana, soon))).toMatchObject({
      refused: 'evidence.same-person',
    });
    expect(releaseRecordLock(over, { reason: 'x' }, asked(bo, soon))).toEqual([
      { type: 'evidence.released', data: { reason: 'x' } },
    ]);
    expect(releaseRecordLock(over, { reason: 'x' }, asked(ana, until))).toEqual([]);
  });

  it('is taken back where the incident is opened again', () => {
    const released = fact('evidence.released', { reason: 'settled' }, 2 * DAY, bo);
    const reopened = fact('incident.moved', { from: 'closed', to: 'open', reason: 'again' }, 3 * DAY);
    const lock = foldRecordLock([declared, closed(DAY), released])!;
    expect(lock.released).toEqual({ at: addMs(AT, 2 * DAY), by: bo, reason: 'settled' });
    expect(stands(lock, addMs(AT, 2 * DAY))).toBe(false);
    expect(releaseRecordLock(lock, { reason: 'x' }, asked(bo, addMs(AT, 3 * DAY)))).toEqual([]);
    const again = foldRecordLock([declared, closed(DAY), released, reopened])!;
    expect([stands(again, addMs(AT, 99 * DAY)), again.released]).toEqual([true, null]);
  });
});
