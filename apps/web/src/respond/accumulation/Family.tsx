import type { Incident } from '@firebreak/core/respond/incidents';
import { Link } from '@tanstack/react-router';
import { Card, Section } from '../../ui/Card.tsx';

/** The incident this is part of, or the ones that together are this; nothing where it stands alone. */
export function Family({ incident: { parent, children } }: { incident: Pick<Incident, 'parent' | 'children'> }) {
  if (parent === null && children.length === 0) return null;
  return (
    <Section title={parent === null ? `Parts · ${children.length}` : 'Part of'}>
      <Card>
        <p className="text-xs text-ink-2">
          {parent === null
            ? 'Small incidents that together are this one. Each keeps its own state and holds.'
            : 'Several like this add up. What concerns all of them is decided there.'}
        </p>
        <p className="mt-1.5 flex flex-wrap gap-x-3 gap-y-1">
          {(parent === null ? children : [parent]).map(({ incident, label }) => (
            <Link
              key={incident}
              to="/incidents/$incident"
              params={{ incident: label }}
              className="prose-link font-mono text-xs"
            >
              {label}
            </Link>
          ))}
        </p>
      </Card>
    </Section>
  );
}
