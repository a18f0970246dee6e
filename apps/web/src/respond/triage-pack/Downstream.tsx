import type { TriagePack } from '@firebreak/contract/respond/triage-pack';
import { Link } from '@tanstack/react-router';
import { Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';

const TONES = { measured: 'ember', derived: 'amber', assumed: 'plain' } as const;

/** What the failure may have reached beyond the system, nearest first; nothing where nothing is known to lie there. */
export function Downstream({ downstream: { nodes, more } }: Pick<TriagePack, 'downstream'>) {
  if (nodes.length === 0) return null;
  return (
    <Section title="What lies downstream">
      <Rows label="Downstream">
        {nodes.map((node) => (
          <li key={node.id} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-3 py-1.5">
            <span className="min-w-0 flex-1">
              {node.id.includes(':') ? (
                node.name
              ) : (
                <Link to="/systems/$system" params={{ system: node.id }} className="prose-link">
                  {node.name}
                </Link>
              )}{' '}
              <span className="text-xs text-ink-3">
                {node.depth === 1
                  ? 'directly'
                  : `${node.depth} steps away, through ${node.via.replace(/^[a-z]+:/, '')}`}
                {node.count !== null && ` · called ${node.count.toLocaleString('en')} times in what went wrong`}
                {node.approval !== '' && ` · only after ${node.approval} approves, not followed further`}
              </span>
            </span>
            <Flag tone={node.approval === '' ? TONES[node.label] : 'plain'}>
              {node.approval === '' ? node.label : 'stops here'}
            </Flag>
          </li>
        ))}
        {more > 0 && <li className="px-3 py-1.5 text-xs text-ink-3">and {more} more</li>}
      </Rows>
    </Section>
  );
}
