import { channels } from '@firebreak/contract/detect/channels';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { Link, useNavigate } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { Unregistered } from '../detect/channels/Unregistered.tsx';
import { channelsLine } from '../detect/channels/words.ts';
import { ApplyFileDialog } from '../prepare/inventory/ApplyFileDialog.tsx';
import { ExportFile } from '../prepare/inventory/ExportFile.tsx';
import { SystemForm } from '../prepare/inventory/SystemForm.tsx';
import { RISK_SHORT, TYPE_WORD } from '../prepare/inventory/words.ts';
import { Button } from '../ui/Button.tsx';
import { Empty, Rows } from '../ui/Card.tsx';
import { Flag, Id } from '../ui/Marks.tsx';
import { Ago } from '../ui/Time.tsx';
import { useAsk } from './ask.ts';
import { useListKeys } from './list-keys.ts';
import { Page } from './Page.tsx';
import { useMay } from './session.tsx';
import { Shown } from './Trouble.tsx';

export function SystemList() {
  const list = useAsk(inventory.list, {});
  const roster = useAsk(containment.roster, { query: { limit: 2_000 } }, { every: 15_000 });
  const holds = useAsk(containment.listHolds, { query: { state: 'active' } });
  const heard = useAsk(channels.coverage, { query: {} }, { every: 30_000 });
  const levers = useAsk(controlCoverage.show, { query: {} }, { every: 30_000 });
  const edits = useMay('system.edit');
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const [filing, setFiling] = useState(false);
  const keys = useListKeys();
  const register = edits && (
    <Button onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden="true" />
      Register
    </Button>
  );
  const applyFile = edits && (
    <Button onClick={() => setFiling(true)}>
      <FileUp size={16} aria-hidden="true" />
      Apply a file
    </Button>
  );
  return (
    <Page
      title="Systems"
      lead="What can fail here, who answers for it, and what can stop it."
      actions={
        <>
          {list.data && list.data.systems.length > 0 && <ExportFile />}
          {applyFile}
          {register}
        </>
      }
    >
      <Unregistered edits={edits} />
      <Shown of={list} lines={6}>
        {({ systems }) =>
          systems.length === 0 ? (
            <Empty
              title="No AI system is registered yet"
              action={
                <>
                  {register}
                  {applyFile}
                </>
              }
            >
              Register the one you would be woken up for. Then wire a control in advance, put a guard into it, and send
              its interactions: a candidate, an order and its confirmation need all three.
            </Empty>
          ) : (
            <div ref={keys}>
              <Rows label="AI systems">
                {systems.map((row) => {
                  const guards =
                    roster.data?.instances.filter((each) => each.system === row.key || each.system === '*') ?? [];
                  const live = guards.filter((each) => each.live).length;
                  const hearing = heard.data?.systems.find((each) => each.system === row.key);
                  const wired = levers.data?.systems.find((each) => each.system === row.key)?.controls.length;
                  const held = holds.data?.holds.filter((each) => each.system === row.key).length ?? 0;
                  return (
                    <li
                      key={row.id}
                      className="relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken"
                    >
                      <div className="min-w-0 flex-1 basis-64">
                        <div className="flex flex-wrap items-baseline gap-x-2.5">
                          <Link
                            data-row
                            to="/systems/$system"
                            params={{ system: row.key }}
                            className="text-base font-[620] after:absolute after:inset-0"
                          >
                            {row.name}
                          </Link>
                          <Id>{row.key}</Id>
                        </div>
                        <p className="text-xs text-ink-2">
                          {TYPE_WORD[row.type]} · {row.owner || 'no owner named'} · {RISK_SHORT[row.riskClass]}
                        </p>
                      </div>
                      <div className="flex flex-wrap items-center gap-1.5">
                        {row.retired && <Flag>retired</Flag>}
                        {hearing && <Flag>{channelsLine(hearing.channels)}</Flag>}
                        {wired === 0 && <Flag tone="amber">no control wired</Flag>}
                        {held > 0 && (
                          <Flag tone="ember">{held === 1 ? '1 hold in force' : `${held} holds in force`}</Flag>
                        )}
                        {roster.data &&
                          (live > 0 ? (
                            <Flag tone="moss">{live === 1 ? '1 guard live' : `${live} guards live`}</Flag>
                          ) : (
                            <Flag tone="amber">no guard connected</Flag>
                          ))}
                      </div>
                      <span className="w-36 text-right text-xs text-ink-3 max-phone:hidden">
                        {row.lastChangeAt ? (
                          <>
                            changed <Ago at={row.lastChangeAt} />
                          </>
                        ) : (
                          'no version recorded'
                        )}
                      </span>
                    </li>
                  );
                })}
              </Rows>
            </div>
          )
        }
      </Shown>
      {filing && <ApplyFileDialog onClose={() => setFiling(false)} />}
      {adding && (
        <SystemForm
          onClose={() => setAdding(false)}
          onDone={(system) => void navigate({ to: '/systems/$system', params: { system: system.key } })}
        />
      )}
    </Page>
  );
}
