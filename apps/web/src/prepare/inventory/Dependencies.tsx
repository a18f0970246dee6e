import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { type DependencyGraph, systemParts } from '@firebreak/contract/prepare/system-parts';
import { DEPENDENCY_KINDS, type DependencyKind, PASSES, type Passes } from '@firebreak/core/prepare/inventory';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, Input, Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { BOX, drawLayers } from './layers.ts';
import { DEPENDENCY_WORDS, passesWords } from './words.ts';

/** What the system needs and what needs it: drawn, and as lists. */
export function Dependencies({ system, edits }: { system: AiSystem; edits: boolean }) {
  const graph = useAsk(systemParts.graph, { params: { system: system.key } });
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Dependencies"
      aside={
        edits && (
          <Button size="sm" onClick={() => setAdding(true)} aria-label="Add a dependency">
            Add
          </Button>
        )
      }
    >
      <Shown of={graph}>
        {(found) =>
          found.nodes.length < 2 ? (
            <Empty title="Stands alone, as far as anybody has said">
              Name what it needs (another AI system, a vendor, a service, data) and what needs it: when one fails, the
              others are next.
            </Empty>
          ) : (
            <>
              <Picture graph={found} system={system} />
              <Lists graph={found} system={system} edits={edits} />
            </>
          )
        }
      </Shown>
      {adding && <DependencyForm system={system} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function Picture({ graph, system }: { graph: DependencyGraph; system: AiSystem }) {
  const drawing = drawLayers(graph);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
      tabIndex={0}
      aria-label={`Drawing of what ${system.name} depends on`}
      className="mb-3 overflow-x-auto rounded-lg border border-line bg-surface p-2"
    >
      <svg
        width={drawing.width}
        height={drawing.height}
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
        role="img"
        aria-label="The same as in the lists below"
        className="mx-auto block"
      >
        <g fill="none" stroke="var(--edge)" strokeWidth="1.25">
          {drawing.lines.map(({ id, path }) => (
            <path key={id} d={path} />
          ))}
        </g>
        {drawing.nodes.map((node) => (
          <g key={node.id} transform={`translate(${node.x} ${node.y})`}>
            <title>{node.label}</title>
            <rect
              width={BOX.width}
              height={BOX.height}
              rx="6"
              fill={node.layer === 0 ? 'var(--ink)' : 'var(--surface)'}
              stroke={node.layer === 0 ? 'var(--ink)' : node.registered ? 'var(--line-strong)' : 'var(--amber)'}
              strokeDasharray={node.registered ? undefined : '4 3'}
            />
            <text
              x="10"
              y="17"
              fontSize="12"
              fontWeight="600"
              fill={node.layer === 0 ? 'var(--surface)' : 'var(--ink)'}
            >
              {node.label.length > 20 ? `${node.label.slice(0, 19)}…` : node.label}
            </text>
            <text x="10" y="31" fontSize="10.5" fill={node.layer === 0 ? 'var(--surface)' : 'var(--ink-2)'}>
              {node.registered ? DEPENDENCY_WORDS[node.kind] : 'not registered'}
            </text>
          </g>
        ))}
      </svg>
      {graph.more > 0 && <p className="px-2 text-xs text-ink-3">{graph.more} more are left out of the drawing.</p>}
    </section>
  );
}

function Lists({ graph, system, edits }: { graph: DependencyGraph; system: AiSystem; edits: boolean }) {
  const drop = useAct(systemParts.dropDependency, { refreshes: ['/api/v1/systems'] });
  const sides = [
    ['It needs', graph.nodes.filter(({ layer }) => layer < 0)],
    ['Needs it', graph.nodes.filter(({ layer }) => layer > 0)],
  ] as const;
  return (
    <div className="grid gap-3 phone:grid-cols-2">
      {sides.map(
        ([title, nodes]) =>
          nodes.length > 0 && (
            <div key={title} className="min-w-0">
              <h3 className="mb-1 text-xs font-[600] text-ink-2">{title}</h3>
              <Rows label={title}>
                {nodes.map((node) => {
                  const own = system.dependencies.find(
                    (each) =>
                      (each.kind === 'system' ? each.on : `${each.kind}:${each.on}`) === node.id &&
                      (each.direction === 'up') === node.layer < 0,
                  );
                  return (
                    <li key={node.id} className="flex items-center justify-between gap-2 px-3 py-2">
                      <span className="min-w-0 break-words">
                        {node.kind === 'system' && node.registered ? (
                          <Link to="/systems/$system" params={{ system: node.id }} className="prose-link">
                            {node.label}
                          </Link>
                        ) : (
                          node.label
                        )}{' '}
                        <span className="text-xs text-ink-2">
                          {DEPENDENCY_WORDS[node.kind]}
                          {Math.abs(node.layer) > 1 && ', through another'}
                          {own?.note && ` · ${own.note}`}
                        </span>{' '}
                        {!node.registered && <Flag tone="amber">not registered</Flag>}
                      </span>
                      {edits && own && (
                        <Button
                          size="sm"
                          look="quiet"
                          aria-label={`Drop the dependency on ${node.label}`}
                          busy={drop.isPending}
                          onClick={() =>
                            drop.mutate({
                              params: { system: system.id },
                              body: { direction: own.direction, kind: own.kind, on: own.on },
                            })
                          }
                        >
                          Drop
                        </Button>
                      )}
                    </li>
                  );
                })}
              </Rows>
            </div>
          ),
      )}
      {drop.error && <Trouble error={drop.error} />}
    </div>
  );
}

function DependencyForm({ system, onClose }: { system: AiSystem; onClose: () => void }) {
  const [direction, setDirection] = useState<'up' | 'down'>('up');
  const [kind, setKind] = useState<DependencyKind>('system');
  const [on, setOn] = useState('');
  const [note, setNote] = useState('');
  const [flow, setFlow] = useState<Passes>('unsaid');
  const [approval, setApproval] = useState('');
  const add = useAct(systemParts.declareDependency, { refreshes: ['/api/v1/systems'], done: onClose });
  return (
    <Dialog
      title="Add a dependency"
      onClose={onClose}
      width="narrow"
      onSubmit={() =>
        add.mutate({ params: { system: system.id }, body: { direction, kind, on, note, flow, approval } })
      }
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="Which way"
          name="direction"
          value={direction}
          onPick={setDirection}
          options={[
            { value: 'up', label: `${system.name} needs it` },
            { value: 'down', label: `It needs ${system.name}` },
          ]}
        />
        <Select
          label="Kind"
          value={kind}
          onText={(value) => setKind(value as DependencyKind)}
          options={DEPENDENCY_KINDS.map((each) => ({ value: each, label: DEPENDENCY_WORDS[each] }))}
        />
        <Input
          label={kind === 'system' ? 'Key of the system' : 'Name'}
          value={on}
          onText={setOn}
          required
          spellCheck={false}
        />
        <Select
          label="What passes"
          optional
          hint="Decides what counts as downstream when this system fails."
          value={flow}
          onText={(value) => setFlow(value as Passes)}
          options={PASSES.map((each) => ({ value: each, label: passesWords(each, direction, system.name) }))}
        />
        {flow !== 'unsaid' && flow !== 'calls' && (
          <Input
            label="Who approves before it passes"
            optional
            hint="Only where a person really does, every time."
            value={approval}
            onText={setApproval}
          />
        )}
        <Input label="Note" optional hint="What it is needed for." value={note} onText={setNote} />
        {add.error && <Trouble error={add.error} />}
      </div>
    </Dialog>
  );
}
