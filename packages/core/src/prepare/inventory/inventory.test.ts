import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyFact, type Asked, type Decision, instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import {
  applyRow,
  asFile,
  cycleWith,
  declareDependency,
  type Edge,
  findCycle,
  foldSystem,
  giveApproval,
  grantTool,
  type HeldSystem,
  type Inventory,
  planApply,
  type RecordChange,
  recordChange,
  registerSystem,
  snippetAround,
  textDiff,
  timeLineOf,
  type WantedSystem,
} from './index.ts';

const T0 = instant('2026-11-20T10:00:00Z');
const asked: Asked = { by: { kind: 'person', id: 'usr_ana' }, at: T0 };
const at = (minutes: number) => instant(Date.parse(T0) + minutes * 60_000);

function after(decisions: readonly ((state: Inventory) => Decision<AnyFact>)[]) {
  const facts: Recorded[] = [];
  for (const decide of decisions) {
    const decided = decide(foldSystem(facts));
    if (isRefusal(decided)) throw new Error(decided.why);
    for (const fact of decided)
      facts.push({ ...fact, seq: facts.length + 1, stream: 'sys_1', version: facts.length + 1, at: T0, by: asked.by });
  }
  return { facts, state: foldSystem(facts) };
}
const registered = (state: Inventory) => applyRow(state, 'sys_1', { key: 'bot', name: 'Bot' });
const change = (over: Partial<RecordChange>) => (state: Inventory) =>
  recordChange(
    state,
    {
      change: 'chg_1',
      key: 'k1',
      kind: 'prompt',
      subject: 'support',
      from: null,
      to: null,
      text: null,
      diff: null,
      note: '',
      source: 'api',
      link: '',
      occurredAt: T0,
      live: null,
      ...over,
    },
    asked,
  );

describe('a system', () => {
  it('reads facts from before there was anything to say about autonomy', () => {
    const old = {
      type: 'system.registered',
      data: { system: 'sys_1', key: 'a', name: 'A', type: 'agent', purpose: '', owner: '', riskClass: 'none' },
    };
    const state = foldSystem([{ ...old, seq: 1, stream: 'sys_1', version: 1, at: T0, by: asked.by }]);
    expect(state).toMatchObject({ architecture: 'unsaid', autonomy: 'unsaid', criticality: 'unsaid', tools: [] });
  });

  it('records nothing when the same is said again, in whatever order', () => {
    const { state } = after([
      registered,
      (s) => grantTool(s, { name: 'refund', permissions: ['up to 50 EUR'], note: '' }),
    ]);
    expect(grantTool(state, { note: '', permissions: ['up to 50 EUR'], name: 'refund' })).toEqual([]);
    expect(grantTool(state, { name: 'refund', permissions: ['up to 90 EUR'], note: '' })).toHaveLength(1);
  });

  it('knows no approval that ends before it begins', () => {
    const { state } = after([registered]);
    const approval = { useCase: 'Triage', approvedBy: 'Board', approvedAt: T0, until: at(-1) };
    expect(giveApproval(state, approval, asked)).toMatchObject({ refused: 'approval.bad-end', pointer: '/until' });
  });

  it('is registered with what the form says', () => {
    const want = { key: 'b', name: 'B', type: 'agent', purpose: '', owner: '', riskClass: 'none' } as const;
    const decided = registerSystem(
      null,
      {
        ...want,
        system: 'sys_2',
        population: '',
        regions: [],
        vendor: '',
        architecture: 'agentic',
        autonomy: 'acts-alone',
        criticality: 'high',
        logging: 'gateway',
        features: [],
      },
      { key: null, name: null },
    );
    expect(decided).toMatchObject([{ data: { architecture: 'agentic', autonomy: 'acts-alone' } }]);
  });
});

describe('dependencies', () => {
  it('refuse a circle and name it', () => {
    const { state } = after([registered]);
    const edges: Edge[] = [
      { needs: 'rag', needed: 'embedder' },
      { needs: 'embedder', needed: 'bot' },
    ];
    expect(declareDependency(state, { direction: 'up', kind: 'system', on: 'rag', note: '' }, edges)).toMatchObject({
      refused: 'dependency.cycle',
      why: expect.stringContaining('bot needs rag, rag needs embedder, embedder needs bot'),
    });
    expect(declareDependency(state, { direction: 'down', kind: 'system', on: 'rag', note: '' }, edges)).toHaveLength(1);
    expect(declareDependency(state, { direction: 'up', kind: 'system', on: 'bot', note: '' }, [])).toMatchObject({
      refused: 'dependency.cycle',
    });
  });

  const nodes = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  it('never come to a circle when each is asked about first', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ needs: nodes, needed: nodes }), { maxLength: 30 }), (wanted) => {
        const edges: Edge[] = [];
        for (const edge of wanted) {
          const cycle = cycleWith(edges, edge);
          expect(findCycle([...edges, edge]) === null).toBe(cycle === null);
          if (cycle === null) edges.push(edge);
          else
            for (const [i, needs] of cycle.slice(0, -1).entries())
              expect([...edges, edge]).toContainEqual({ needs, needed: cycle[i + 1] });
        }
        expect(findCycle(edges)).toBeNull();
      }),
    );
  });

  it('are drawn two steps up and down, and what is left out is counted', () => {
    const edges: Edge[] = [
      { needs: 'bot', needed: 'rag' },
      { needs: 'rag', needed: 'vendor:openai' },
      { needs: 'vendor:openai', needed: 'service:far' },
      { needs: 'crm', needed: 'bot' },
      ...Array.from({ length: 80 }, (_, i) => ({ needs: `user-${i}`, needed: 'bot' })),
    ];
    const snippet = snippetAround(edges, 'bot');
    expect(snippet.nodes).toContainEqual({ id: 'vendor:openai', layer: -2 });
    expect(snippet.nodes).toContainEqual({ id: 'crm', layer: 1 });
    expect(snippet.nodes.some(({ id }) => id === 'service:far')).toBe(false);
    expect(snippet.nodes).toHaveLength(60);
    expect(snippet.more).toBe(84 - 60);
  });
});

describe('changes', () => {
  const live = { name: 'production', deployment: 'dep_1' } as const;

  it('move the version of a deployment, and stand once in the time line', () => {
    const { state } = after([
      registered,
      change({ to: 'v1', text: 'be kind\nbe short', live, occurredAt: at(-9) }),
      change({ change: 'chg_2', key: 'k2', to: 'v2', text: 'be kind\nbe exact', live, occurredAt: at(-5) }),
      change({ change: 'chg_3', key: 'k3', kind: 'config', subject: 'temperature', to: '0.2', live }),
    ]);
    expect(state?.deployments).toMatchObject([{ name: 'production', versions: { prompt: 'v2' } }]);
    expect(timeLineOf(state!)).toMatchObject([
      { kind: 'config', subject: 'temperature', to: '0.2', deployment: null },
      { kind: 'prompt', from: 'v1', to: 'v2', deployment: 'production', diff: ' be kind\n-be short\n+be exact' },
      { kind: 'prompt', from: null, to: 'v1', diff: null },
    ]);
  });

  it('are kept once under their key, and never from the future', () => {
    const { state } = after([registered, change({ to: 'v1' })]);
    expect(change({ to: 'v9' })(state)).toEqual([]);
    expect(change({ key: 'k2', occurredAt: at(6) })(state)).toMatchObject({ refused: 'time.in-future' });
  });
});

describe('a difference of texts', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });
  it('holds exactly the lines that went and came', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const diff = textDiff(a.join('\n'), b.join('\n'));
        expect(diff === '').toBe(a.join('\n') === b.join('\n'));
        const count = (list: readonly string[]) => (line: string) => list.filter((each) => each === line).length;
        const marked = (mark: string) => diff.split('\n').flatMap((line) => (line[0] === mark ? [line.slice(1)] : []));
        if (diff === '') return;
        const [was, is] = [a.join('\n').split('\n'), b.join('\n').split('\n')];
        for (const line of new Set([...was, ...is]))
          expect(count(is)(line) - count(was)(line)).toBe(count(marked('+'))(line) - count(marked('-'))(line));
      }),
    );
  });
  it('leaves out what is far from a change, and is bounded', () => {
    const long = Array.from({ length: 50 }, (_, i) => `line ${i}`);
    expect(textDiff(long.join('\n'), long.with(20, 'new').join('\n')).split('\n')).toHaveLength(6);
    const many = Array.from({ length: 5_000 }, (_, i) => `${i}`).join('\n');
    expect(textDiff(many, many.replaceAll('1', 'x')).split('\n')).toHaveLength(401);
  });
});

describe('a file of systems', () => {
  const held = (key: string, over: Partial<HeldSystem> = {}): HeldSystem => {
    const { state } = after([(s) => applyRow(s, `sys_${key}`, { key, name: key.toUpperCase() })]);
    return { ...state!, ...over };
  };
  const plan = (wants: readonly WantedSystem[], there: readonly HeldSystem[] = []) =>
    planApply(
      there,
      wants.map((want, row) => ({ row, want })),
    );

  it('names the rows it cannot take and keeps the rest', () => {
    const { rows, problems } = plan(
      [
        { key: 'a', name: 'A', owner: 'Team A' },
        { key: 'b', name: 'B' },
        { key: 'b', name: 'B again' },
        { key: 'c' },
        { key: 'd', name: ' a ' },
        { key: 'gone', name: 'Gone' },
        { key: 'e', name: 'Held' },
      ],
      [held('a'), held('gone', { retired: true }), held('h', { name: 'HELD' })],
    );
    expect(rows.map(({ key, action }) => [key, action])).toEqual([
      ['a', 'change'],
      ['b', 'create'],
    ]);
    expect(rows[0]!.changes).toEqual([{ member: 'owner', from: '', to: 'Team A' }]);
    expect(problems.map(({ row, pointer }) => [row, pointer])).toEqual([
      [2, '/key'],
      [3, '/name'],
      [4, '/name'],
      [5, '/key'],
      [6, '/name'],
    ]);
    expect(problems[0]!.detail).toContain('row 2');
  });

  it('blames the last row of a circle, and takes the others', () => {
    const needs = (on: string) => [{ direction: 'up' as const, kind: 'system' as const, on, note: '' }];
    const { rows, problems } = plan(
      [
        { key: 'a', name: 'A', dependencies: needs('b') },
        { key: 'b', name: 'B', dependencies: needs('c') },
      ],
      [held('c', { dependencies: needs('a') })],
    );
    expect(rows.map(({ key }) => key)).toEqual(['a']);
    expect(problems).toMatchObject([{ row: 1, detail: expect.stringMatching(/b needs c/) }]);
  });

  it('made of a system changes nothing where it came from, and makes the same where nothing is', () => {
    const part = fc.record({
      name: fc.constantFrom('A', 'B'),
      owner: fc.constantFrom('', 'Team'),
      type: fc.constantFrom('generative', 'agent'),
      riskClass: fc.constantFrom('unassessed', 'none'),
      logging: fc.constantFrom('unsaid', 'none'),
      regions: fc.constantFrom([], ['DE']),
      features: fc.constantFrom([], [{ key: 'f', name: 'F' }]),
    });
    fc.assert(
      fc.property(part, (over) => {
        const there = held('a', over as Partial<HeldSystem>);
        const file = asFile(there);
        expect(plan([file], [there]).rows).toMatchObject([{ action: 'same' }]);
        const made = after([(s) => applyRow(s, 'sys_a', file)]).state!;
        expect(asFile(made)).toEqual(file);
        expect({ ...made, changes: [], reports: [] }).toEqual({ ...there, changes: [], reports: [] });
      }),
    );
    expect(asFile(held('a'))).toEqual({ key: 'a', name: 'A', type: 'generative' });
  });

  it('applied twice is the same as applied once', () => {
    const want: WantedSystem = { key: 'a', name: 'A', tools: [{ name: 't', permissions: ['read'], note: '' }] };
    const once = after([(s) => applyRow(s, 'sys_a', want)]);
    expect(applyRow(once.state, 'sys_a', want)).toEqual([]);
    expect(plan([want], [once.state!]).rows).toMatchObject([{ action: 'same', changes: [] }]);
  });
});
