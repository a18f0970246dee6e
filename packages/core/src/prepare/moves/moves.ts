import type { SystemType } from '../inventory/index.ts';
import type { PlaybookArchetype } from '../playbooks/index.ts';
import { type IncidentRole, ROLE_NAMES } from '../role-directory/index.ts';
import { type Entry, riskReasons } from './riskiest.ts';

/** Where a programme that has nothing starts: define, map, and one playbook for the riskiest use. */
export const MOVES = ['define', 'map', 'playbook'] as const;
export type MoveName = (typeof MOVES)[number];

export interface MoveItem {
  readonly item: string;
  readonly done: boolean;
  /** False: good to have, and the move is made without it. */
  readonly needed: boolean;
  /** What is there, or what is missing. */
  readonly says: string;
}

export interface Move {
  readonly move: MoveName;
  readonly done: boolean;
  readonly items: readonly MoveItem[];
}

export interface Seen {
  /** Who took the severity table in force for the organisation’s own; null: it is only delivered. */
  readonly rubricBy: string | null;
  /** The entry that is furthest, with what is known of it beside the entry. */
  readonly entry: { readonly of: Entry; readonly stoppable: boolean; readonly heard: boolean } | null;
  /** The playbook that was adopted, and the roles its steps belong to. */
  readonly playbook: { readonly name: string; readonly roles: readonly IncidentRole[] } | null;
  /** Roles whose primary is named and here. */
  readonly seated: ReadonlySet<IncidentRole>;
}

const need = (item: string, done: boolean, there: string, missing: string): MoveItem => ({
  item,
  done,
  needed: true,
  says: done ? there : missing,
});

function entryItems({ of, stoppable, heard }: NonNullable<Seen['entry']>): MoveItem[] {
  return [
    need('system', true, `${of.name} is registered`, ''),
    need('purpose', of.purpose !== '', 'Its purpose is written down', 'Say what people use it for'),
    need('owner', of.owner !== '', `${of.owner} answers for it`, 'Name who answers for it'),
    need('architecture', of.architecture !== 'unsaid', 'How it is built is known', 'Say how it is built'),
    need('autonomy', of.autonomy !== 'unsaid', 'How far it acts alone is known', 'Say how far it acts alone'),
    need(
      'features',
      of.features.length > 0,
      of.features.length === 1 ? 'One feature is named' : `${of.features.length} features are named`,
      'Name the parts that can be stopped one by one',
    ),
    need('logging', of.logging !== 'unsaid', 'How it logs is known', 'Say how it logs'),
    need('control', stoppable, 'It can be stopped', 'Wire a first control that stops it'),
    {
      item: 'heard',
      done: heard,
      needed: false,
      says: heard ? 'Its interactions are heard' : 'Nothing has been heard of it yet',
    },
  ];
}

const NO_ENTRY = need('system', false, '', 'Register the AI system you would be woken up for');

/** How far an entry is: items that are there, of those that are needed. */
const completeness = (entry: Entry, stoppable: boolean): number =>
  entryItems({ of: entry, stoppable, heard: false }).filter(({ done, needed }) => done && needed).length;

/** The entry that is nearest to a working one; among equals the riskier, then by key. */
export function furthestEntry<E extends Entry>(entries: readonly E[], stoppable: ReadonlySet<string>): E | null {
  const graded = entries.map((entry) => ({
    entry,
    far: completeness(entry, stoppable.has(entry.key)),
    gravest: riskReasons(entry)[0]?.weight ?? 0,
  }));
  return (
    graded.sort((a, b) => b.far - a.far || b.gravest - a.gravest || (a.entry.key < b.entry.key ? -1 : 1))[0]?.entry ??
    null
  );
}

function rolesItem(roles: readonly IncidentRole[], seated: ReadonlySet<IncidentRole>): MoveItem {
  const empty = roles.filter((role) => !seated.has(role));
  return need(
    'roles',
    empty.length === 0,
    'Everybody whose steps are in it is named',
    `Nobody is named as ${empty.map((role) => ROLE_NAMES[role]).join(', ')}`,
  );
}

/** The three moves and what each still lacks, from what is really there: nothing is ticked by hand. */
export function movesOf({ rubricBy, entry, playbook, seated }: Seen): Move[] {
  const items: Readonly<Record<MoveName, readonly MoveItem[]>> = {
    define: [
      need(
        'rubric',
        rubricBy !== null,
        'The severity table in force is your own',
        'Read what counts as an incident and how grave it is, and adopt it',
      ),
    ],
    map: entry === null ? [NO_ENTRY] : entryItems(entry),
    playbook:
      playbook === null
        ? [need('playbook', false, '', 'Adopt a playbook for the riskiest use')]
        : [need('playbook', true, `“${playbook.name}” is your own`, ''), rolesItem(playbook.roles, seated)],
  };
  return MOVES.map((move) => ({
    move,
    done: items[move].every(({ done, needed }) => done || !needed),
    items: items[move],
  }));
}

interface OwnPlaybook {
  readonly key: string;
  readonly archetype: PlaybookArchetype | 'any';
  readonly systemType: SystemType | 'any';
  readonly own: boolean;
}

/**
 * The own playbook to count: one for the first type that has any, which is the riskiest system’s, since a person may
 * know better which system is; a proposed failure before others, then by key.
 */
export function ownPlaybookFor<P extends OwnPlaybook>(
  playbooks: readonly P[],
  types: readonly SystemType[],
  proposed: readonly PlaybookArchetype[],
): P | null {
  const place = ({ archetype, systemType }: P) => {
    const type = systemType === 'any' ? 0 : types.indexOf(systemType);
    const failure = proposed.indexOf(archetype as PlaybookArchetype);
    return type * (proposed.length + 1) + (failure === -1 ? proposed.length : failure);
  };
  return (
    playbooks
      .filter(({ own, systemType }) => own && (systemType === 'any' || types.includes(systemType)))
      .sort((a, b) => place(a) - place(b) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))[0] ?? null
  );
}
