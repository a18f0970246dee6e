import { describe, expect, it } from 'vitest';
import { foldRoleDirectory, gapsOf, grantRight, INCIDENT_ROLES, seatRole } from './index.ts';

const empty = foldRoleDirectory([]);
const here = (person: string) => person !== 'gone';
const seated = (seats: Partial<Record<(typeof INCIDENT_ROLES)[number], [string | null, string | null]>>) => ({
  ...empty,
  seats: {
    ...empty.seats,
    ...Object.fromEntries(Object.entries(seats).map(([role, [primary, secondary]]) => [role, { primary, secondary }])),
  },
});

describe('the role directory', () => {
  it('names one gap for each empty role at the start', () => {
    expect(gapsOf(empty, here).map((it) => it.role)).toEqual(INCIDENT_ROLES);
  });

  it.each([
    ['a missing second', { legal: ['ana', null] }, 'Nobody steps in for the legal and compliance.'],
    ['a first who left', { legal: ['gone', 'bo'] }, 'Whoever is named as legal and compliance no longer has access.'],
    [
      'a second who left',
      { legal: ['ana', 'gone'] },
      'Whoever steps in for the legal and compliance no longer has access.',
    ],
  ] as const)('shows %s', (_name, seats, why) => {
    expect(gapsOf(seated(seats as never), here)).toContainEqual({ role: 'legal', why });
  });

  it('shows one person in three first seats, once', () => {
    const all = seated({
      commander: ['ana', 'bo'],
      scribe: ['ana', 'bo'],
      legal: ['ana', 'bo'],
      privacy: ['ana', 'bo'],
    });
    const many = gapsOf(all, here).filter((it) => it.why.includes('more than 2 roles'));
    expect(many).toHaveLength(1);
  });

  it.each([
    ['the same person twice', 'ana', 'ana', 'role.same-person-twice'],
    ['a second without a first', null, 'ana', 'role.no-primary'],
  ])('refuses %s', (_name, primary, secondary, refused) => {
    expect(seatRole(empty, { role: 'legal', primary, secondary })).toMatchObject({ refused });
  });

  it('records a seat once, and takes it back', () => {
    const want = { role: 'legal', primary: 'ana', secondary: 'bo' } as const;
    expect(seatRole(empty, want)).toEqual([{ type: 'role.seated', data: want }]);
    expect(seatRole(seated({ legal: ['ana', 'bo'] }), want)).toEqual([]);
    expect(seatRole(seated({ legal: ['ana', 'bo'] }), { ...want, primary: null, secondary: null })).toHaveLength(1);
  });

  it('keeps somebody for every decision', () => {
    expect(grantRight(empty, { right: 'contain', roles: [] })).toMatchObject({ refused: 'role.right-without-role' });
    expect(grantRight(empty, { right: 'contain', roles: empty.rights.contain })).toEqual([]);
    expect(grantRight(empty, { right: 'contain', roles: ['security', 'commander'] })).toEqual([
      { type: 'right.granted', data: { right: 'contain', roles: ['commander', 'security'] } },
    ]);
  });
});
