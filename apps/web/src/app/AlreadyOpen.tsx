import { incidents } from '@firebreak/contract/respond/incidents';
import { Link } from '@tanstack/react-router';
import { Notice } from '../ui/Notice.tsx';
import { useAsk } from './ask.ts';
import { OPEN_INCIDENTS } from './waiting.ts';

/** An open incident of the same system may well be this. Nobody should declare the same thing twice unknowingly. */
export function AlreadyOpen({ system }: { system: string }) {
  const open =
    useAsk(incidents.list, OPEN_INCIDENTS).data?.incidents.filter((row) => row.systems.includes(system)) ?? [];
  if (open.length === 0) return null;
  return (
    <Notice
      tone="blue"
      title={
        open.length === 1 ? 'An incident is open on this system' : `${open.length} incidents are open on this system`
      }
      className="mb-5"
    >
      <ul>
        {open.slice(0, 3).map((row) => (
          <li key={row.id}>
            <Link to="/incidents/$incident" params={{ incident: row.label }} className="prose-link">
              {row.label} · {row.title}
            </Link>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-ink-2">
        If this is the same event, dismiss it as a duplicate and name the incident; otherwise declare.
      </p>
    </Notice>
  );
}
