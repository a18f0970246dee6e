import { rubric } from '@firebreak/contract/prepare/rubric';
import type { SeverityTable } from '@firebreak/core/prepare/rubric';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Examples, Rules, TableEditor } from '../../prepare/rubric/index.ts';
import { TryOnPast } from '../../respond/incidents/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Time } from '../../ui/Time.tsx';
import { useAct, useAsk } from '../ask.ts';
import { useMay, useNames } from '../session.tsx';
import { Shown, Trouble } from '../Trouble.tsx';

/** Read what counts as an incident and how grave it is; take it as it is, or change it first. */
export function DefineMove() {
  const asked = useAsk(rubric.current, {});
  const mayAdopt = useMay('rubric.adopt');
  const nameOf = useNames();
  const [editing, setEditing] = useState(false);
  const accept = useAct(rubric.accept, { refreshes: ['/api/v1/rubric', '/api/v1/moves'] });
  return (
    <Shown of={asked} lines={5}>
      {({ current, voiceNote }) => {
        const table = current.table as SeverityTable;
        if (editing)
          return (
            <TableEditor
              from={table}
              basedOn={current.version}
              voiceNote={voiceNote}
              tryOut={(changed) => <TryOnPast table={changed} />}
              onClose={() => setEditing(false)}
            />
          );
        return (
          <div className="grid gap-4">
            {current.by !== null && current.at !== null && (
              <p className="text-ink-2">
                Version {current.version}, adopted by {nameOf(current.by)}, <Time at={current.at} />. Everybody reads it
                under{' '}
                <Link to="/severity" className="prose-link">
                  Severity
                </Link>
                , and when declaring.
              </p>
            )}
            <div>
              <h3 className="mb-1 text-xs font-[640] text-ink-2">What counts as an incident here</h3>
              <p className="max-w-[72ch]">{table.definition}</p>
            </div>
            <div>
              <h3 className="mb-2 text-xs font-[640] text-ink-2">How grave: an example or two at each severity</h3>
              <Examples examples={table.examples} />
            </div>
            <details>
              <summary className="cursor-pointer text-ink-2">The rules behind it, {table.rules.length} of them</summary>
              <div className="mt-3">
                <Rules rules={table.rules} />
              </div>
            </details>
            {accept.error && <Trouble error={accept.error} />}
            {mayAdopt ? (
              <div className="flex flex-wrap gap-2">
                {current.by === null && (
                  <Button
                    look="strong"
                    busy={accept.isPending}
                    onClick={() => accept.mutate({ body: { version: current.version } })}
                  >
                    Adopt it as it is
                  </Button>
                )}
                <Button onClick={() => setEditing(true)}>
                  {current.by === null ? 'Change it first' : 'Change it'}
                </Button>
              </div>
            ) : (
              current.by === null && <Notice>Somebody who leads incidents, or an administrator, adopts it.</Notice>
            )}
          </div>
        );
      }}
    </Shown>
  );
}
