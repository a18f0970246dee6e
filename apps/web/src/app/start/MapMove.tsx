import { inventory } from '@firebreak/contract/prepare/inventory';
import type { Moves } from '@firebreak/contract/prepare/moves';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ARCHITECTURE_WORDS, AUTONOMY_WORDS, LOGGING_WORDS, TYPE_WORDS } from '../../prepare/inventory/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Pairs } from '../../ui/Card.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useAsk } from '../ask.ts';
import { useMay } from '../session.tsx';
import { Shown } from '../Trouble.tsx';
import { EntryForm } from './EntryForm.tsx';
import { FirstControl } from './FirstControl.tsx';
import { Listening } from './Listening.tsx';
import { Part } from './Part.tsx';

interface Given {
  readonly found: Moves;
  /** The last thing that is needed is there; what is good to have may follow. */
  readonly onWired: () => void;
  readonly onNext: () => void;
}

/** One system, mapped well enough to work with: its entry, a control that stops it, and whether it is heard. */
export function MapMove(given: Given) {
  const { found } = given;
  const edits = useMay('system.edit');
  const { entry } = found;
  if (entry === null)
    return edits ? (
      <Part title="The entry" done={false}>
        <p className="mb-3 max-w-[72ch] text-ink-2">
          Begin with the one you would be woken up for. Others can follow as a file.
        </p>
        <EntryForm system={null} />
      </Part>
    ) : (
      <Notice>Somebody who leads incidents, or an administrator, registers the first system.</Notice>
    );
  return <Mapped key={entry.key} {...given} entry={entry} edits={edits} />;
}

function Mapped({
  found,
  onWired,
  onNext,
  entry,
  edits,
}: Given & {
  readonly entry: NonNullable<Moves['entry']>;
  readonly edits: boolean;
}) {
  const read = useAsk(inventory.show, { params: { system: entry.key } });
  const [changing, setChanging] = useState(false);
  const items = found.moves.find(({ move }) => move === 'map')!.items;
  const lacking = items.filter((it) => it.needed && !it.done);
  const described = lacking.every(({ item }) => item === 'control');
  const stoppable = lacking.every(({ item }) => item !== 'control');
  return (
    <Shown of={read} lines={5}>
      {({ system }) => (
        <div className="grid gap-5">
          <Part title="The entry" done={described}>
            {!edits || (described && !changing) ? (
              <>
                <Pairs>
                  <dt>System</dt>
                  <dd>
                    <Link to="/systems/$system" params={{ system: system.key }} className="prose-link">
                      {system.name}
                    </Link>
                  </dd>
                  <dt>Purpose</dt>
                  <dd>{system.purpose || 'not said'}</dd>
                  <dt>Owner</dt>
                  <dd>{system.owner || 'nobody named yet'}</dd>
                  <dt>Kind</dt>
                  <dd>{TYPE_WORDS[system.type]}</dd>
                  <dt>Built as</dt>
                  <dd>{ARCHITECTURE_WORDS[system.architecture]}</dd>
                  <dt>Acts</dt>
                  <dd>{AUTONOMY_WORDS[system.autonomy]}</dd>
                  <dt>Logs</dt>
                  <dd>{LOGGING_WORDS[system.logging]}</dd>
                  <dt>Features</dt>
                  <dd>{system.features.map(({ name }) => name).join(', ') || 'none named'}</dd>
                </Pairs>
                {edits && (
                  <Button size="sm" className="mt-3" onClick={() => setChanging(true)}>
                    Change
                  </Button>
                )}
              </>
            ) : (
              <>
                {!described && (
                  <p className="mb-3 text-ink-2">
                    Still missing:{' '}
                    {lacking
                      .filter(({ item }) => item !== 'control')
                      .map(({ says }) => says.toLowerCase())
                      .join('; ')}
                    .
                  </p>
                )}
                <EntryForm system={system} onSaved={() => setChanging(false)} />
              </>
            )}
          </Part>
          <Part title="A control that stops it" done={stoppable}>
            {stoppable ? (
              <p className="text-ink-2">
                Wired. It stands on the page of{' '}
                <Link to="/systems/$system" params={{ system: system.key }} className="prose-link">
                  {system.name}
                </Link>{' '}
                and under Contain, on every screen.
              </p>
            ) : (
              <FirstControl system={system} onWired={onWired} />
            )}
          </Part>
          <Part title="Is it heard?" done={entry.heardAt !== null} optional>
            <Listening system={system} heardAt={entry.heardAt} />
          </Part>
          {lacking.length === 0 && (
            <div>
              <Button look="strong" onClick={onNext}>
                Go on to the playbook
              </Button>
            </div>
          )}
        </div>
      )}
    </Shown>
  );
}
