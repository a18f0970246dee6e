import { existsSync, readFileSync } from 'node:fs';
import { archetypes } from '@firebreak/contract/detect/archetypes';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { tasks } from '@firebreak/contract/respond/tasks';
import type { Archetype } from '@firebreak/core/detect/signals';
import type { Architecture, SystemType } from '@firebreak/core/prepare/inventory';
import { playbookArchetype } from '@firebreak/core/prepare/playbooks';
import type { Axes, Severity } from '@firebreak/core/prepare/rubric';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, type World } from './world.ts';

/** What a responder knows in the first minutes: which system, the words of the first signals, and the six answers. */
interface Case {
  readonly id: string;
  readonly system: { readonly type: SystemType; readonly architecture: Architecture };
  readonly title: string;
  readonly summary: string;
  readonly axes: Axes;
  /** Any of these is a sensible reading. */
  readonly archetypes: readonly Archetype[];
  readonly severity: Severity;
}

const chatbot = { type: 'generative', architecture: 'plain-llm' } as const;
const answers = (harm: number, reach: number, regulatory: number, control: number): Axes => ({
  harm,
  reach,
  data: 0,
  regulatory,
  autonomy: 0,
  control,
});

/** Told in words of our own, so that the way is walked on every machine. */
const OWN: readonly Case[] = [
  {
    id: 'invented-fee',
    system: { type: 'generative', architecture: 'rag' },
    title: 'The support chatbot tells customers of a fee that does not exist',
    summary: 'Three customers were told wrong information about a cancellation policy that nobody wrote, and paid.',
    axes: answers(2, 2, 0, 3),
    archetypes: ['misinformation-cascade'],
    severity: 2,
  },
  {
    id: 'abusive-replies',
    system: chatbot,
    title: 'The chatbot posts racist and abusive messages to the public',
    summary: 'Users taught it slurs within a day; the posts are shared widely.',
    axes: answers(2, 4, 0, 3),
    archetypes: ['toxicity-abuse'],
    severity: 1,
  },
  {
    id: 'deleting-agent',
    system: { type: 'agent', architecture: 'agentic' },
    title: 'The coding agent deleted a production database without approval',
    summary: 'The agent ran a destructive command although it had been told not to change anything.',
    axes: { ...answers(3, 2, 0, 3), autonomy: 3 },
    archetypes: ['agentic-misalignment', 'unsafe-automated-decision', 'control-failure'],
    severity: 2,
  },
  {
    id: 'wrong-scores',
    system: { type: 'predictive', architecture: 'predictive' },
    title: 'The scoring model refuses benefits to people who qualify',
    summary: 'Automated decisions about hundreds of applicants were wrong since Monday; an audit found it.',
    axes: answers(3, 3, 3, 3),
    archetypes: ['unsafe-automated-decision'],
    severity: 1,
  },
];

/** How a responder would read the cases of the drill file: the system, and the answers their time lines support. */
const READINGS: Readonly<Record<string, Pick<Case, 'system' | 'axes'>>> = {
  'galactica-2022': { system: chatbot, axes: answers(1, 3, 0, 3) },
  'gemini-2024': { system: chatbot, axes: answers(1, 4, 0, 3) },
  'cursor-2025': { system: { type: 'generative', architecture: 'rag' }, axes: answers(2, 3, 0, 3) },
  'mycity-2024': { system: { type: 'generative', architecture: 'rag' }, axes: answers(2, 3, 2, 3) },
  'tay-2016': { system: { type: 'generative', architecture: 'with-memory' }, axes: answers(2, 4, 0, 3) },
  'air-canada-2022': { system: { type: 'generative', architecture: 'rag' }, axes: answers(2, 1, 1, 2) },
};

const LABELS: readonly (readonly [RegExp, Archetype])[] = [
  [/misinformation/i, 'misinformation-cascade'],
  [/manipulation/i, 'model-manipulation'],
  [/quality/i, 'quality-drift'],
  [/toxicity|abuse/i, 'toxicity-abuse'],
  [/injection/i, 'prompt-injection'],
  [/exfiltration/i, 'data-exfiltration'],
  [/agentic/i, 'agentic-misalignment'],
];
interface Row {
  readonly id: string;
  readonly expected: { readonly archetype: string; readonly severity: string; readonly first_signal: string };
  readonly timeline: readonly { readonly what: string }[];
}
const FIRST_ENTRIES = 2;

const file = new URL('../../../../shared/samples/drills/scenarios.jsonl', import.meta.url);
const rows: Row[] = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];

/** The words of the first signals and of the beginning of the time line, never the label. */
const told = ({ id, expected, timeline }: Row): Case => ({
  id,
  ...READINGS[id]!,
  title: timeline[FIRST_ENTRIES - 1]!.what.slice(0, 200),
  summary: [timeline[0]!.what, expected.first_signal].join('. '),
  archetypes: LABELS.flatMap(([label, archetype]) => (label.test(expected.archetype) ? [archetype] : [])),
  severity: Number(expected.severity.replace(/\D/g, '')) as Severity,
});

describe('cases entered as a responder would', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  async function enter(it: Case): Promise<void> {
    const { client } = world.ana;
    await client.call(inventory.register, { body: { key: it.id, name: it.id, features: [], ...it.system } });
    const { incident } = await client.call(incidents.declare, {
      body: { title: it.title, summary: it.summary, systems: [it.id], axes: it.axes },
    });
    expect(Math.abs(incident.severity - it.severity), `Sev ${incident.severity}`).toBeLessThanOrEqual(1);

    const { suggestion } = await client.call(archetypes.suggestArchetype, { query: { incident: incident.id } });
    const offered = [suggestion.archetype, ...suggestion.others.map(({ archetype }) => archetype)];
    // A suggestion that is sure has to be right; one that is not has to offer what is, or say plainly that it does not know.
    if (suggestion.verdict === 'named') expect(it.archetypes).toContain(suggestion.archetype);
    else if (suggestion.archetype !== null)
      expect(
        offered.some((each) => it.archetypes.includes(each!)),
        offered.join(),
      ).toBe(true);

    const archetype = it.archetypes.includes(suggestion.archetype!) ? suggestion.archetype! : it.archetypes[0]!;
    await client.call(tasks.open, { params: { incident: incident.id }, body: { archetype } });
    const { playbook, tasks: steps } = await client.call(tasks.list, { params: { incident: incident.id } });
    expect(playbook?.key).toBe(`${playbookArchetype(archetype)}.${it.system.type}`);
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.some(({ phase }) => phase === 'contain')).toBe(true);
  }

  it.each(OWN.map((each) => [each.id, each] as const))('%s', (_id, each) => enter(each));

  it.skipIf(rows.length === 0).each(rows.map((row) => [row.id, row] as const))(
    'of the drill file: %s',
    async (id, row) => {
      expect(READINGS, `${id} has no reading yet: add how a responder would answer`).toHaveProperty([id]);
      await enter(told(row));
    },
  );
  it.runIf(rows.length === 0)('the drill file is not here: only our own cases were entered', () => {
    expect(rows).toEqual([]);
  });
});
