import type { AnswerOf } from '@firebreak/contract';
import type { SeverityTable } from '@firebreak/contract/prepare/rubric';
import { incidents } from '@firebreak/contract/respond/incidents';
import { Link } from '@tanstack/react-router';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Severity } from '../../ui/Marks.tsx';

/** Tries a table on past incidents, where it stands. */
export function TryOnPast({ table }: { table: SeverityTable }) {
  const trial = useAct(incidents.tryRubric);
  return (
    <>
      <div>
        <Button onClick={() => trial.mutate({ body: { table } })} busy={trial.isPending}>
          Try on past incidents
        </Button>
      </div>
      {trial.data && <TriedOnPast result={trial.data} />}
      {trial.error && <Trouble error={trial.error} />}
    </>
  );
}

/** What the changed table would have made of past incidents. */
function TriedOnPast({ result }: { result: AnswerOf<typeof incidents.tryRubric> }) {
  const { incidents: count, graver, milder, changed } = result;
  return (
    <div className="grid gap-2">
      <p>
        {count === 0
          ? 'There is no past incident to try it on.'
          : `Of ${count} past ${count === 1 ? 'incident' : 'incidents'}: ${graver} graver, ${milder} milder, ${count - graver - milder} the same. Nothing is called anew.`}
      </p>
      {changed.length > 0 && (
        <Rows label="Incidents with another severity">
          {changed.slice(0, 50).map((row) => (
            <li key={row.incident} className="flex flex-wrap items-center gap-2 px-3 py-2">
              <Severity level={row.inForce} size="sm" />
              <span aria-hidden="true">→</span>
              <span className="sr-only">becomes</span>
              <Severity level={row.would} size="sm" />
              <Link to="/incidents/$incident" params={{ incident: row.label }} className="min-w-0 truncate underline">
                {row.label} {row.title}
              </Link>
              <span className="text-xs text-ink-3">{row.reasons.join('; ') || 'no rule fires'}</span>
            </li>
          ))}
        </Rows>
      )}
    </div>
  );
}
