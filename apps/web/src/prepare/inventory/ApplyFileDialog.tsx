import { type SystemsApplied, systemsFile } from '@firebreak/contract/prepare/systems-file';
import { type DragEvent, useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Flag, Id } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { memberName, planLine, shortValue } from './plan-words.ts';
import { type ReadFile, readFileOfSystems } from './systems-file.ts';

const SHOWN = 100;
const LARGEST = 64 * 1024 * 1024;

/** Takes a file of systems: first the difference, row by row, then, if the reader wants it, the change. */
export function ApplyFileDialog({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [file, setFile] = useState<ReadFile | null>(null);
  const [reading, setReading] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const look = useAct(systemsFile.apply);
  const apply = useAct(systemsFile.apply, {
    refreshes: ['/api/v1/systems', '/api/v1/coverage', '/api/v1/containment', '/api/v1/moves'],
  });
  const take = async (given: File | undefined): Promise<void> => {
    setFault(null);
    setFile(null);
    look.reset();
    apply.reset();
    if (!given) return;
    setName(given.name);
    if (given.size > LARGEST) {
      setFault('The file is larger than a file of systems can be; split it.');
      return;
    }
    setReading(true);
    try {
      const read = await readFileOfSystems(await given.text());
      if (typeof read === 'string') setFault(read);
      else {
        setFile(read);
        look.mutate({ body: { systems: [...read.systems], dryRun: true } });
      }
    } catch (error) {
      setFault((error as Error).message);
    } finally {
      setReading(false);
    }
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const plan = apply.data ?? look.data;
  const doing = look.data ? look.data.created + look.data.changed : 0;
  return (
    <Dialog
      title="Apply a file of systems"
      about="YAML or JSON. The difference is shown first; nothing changes before you say so."
      onClose={onClose}
      width="wide"
      onSubmit={() => {
        if (file && doing > 0 && !apply.data) apply.mutate({ body: { systems: [...file.systems], dryRun: false } });
      }}
      footer={
        apply.data ? (
          <Button look="strong" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" look="strong" busy={apply.isPending} disabled={doing === 0}>
              {doing === 0 ? 'Apply' : `Apply to ${doing.toLocaleString('en')} ${doing === 1 ? 'system' : 'systems'}`}
            </Button>
          </>
        )
      }
    >
      <div className="grid gap-4">
        {!apply.data && (
          <label
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
            className={cx(
              'block rounded-lg border border-dashed px-4 py-4',
              over ? 'border-blue bg-blue-soft' : 'border-line-strong',
            )}
          >
            <span className="mb-1 block font-[600]">File</span>
            <input
              type="file"
              accept=".yaml,.yml,.json,application/json,application/yaml"
              onChange={(event) => void take(event.target.files?.[0])}
              className="w-full rounded-md border border-edge bg-surface px-3 py-2 file:mr-3 file:rounded-sm file:border file:border-line-strong file:bg-sunken file:px-2.5 file:py-1 file:text-ink"
            />
            <span className="mt-1 block text-xs text-ink-3">
              Pick it or drop it here. A list of systems, each with its key; what is left out stays as it is.
            </span>
          </label>
        )}
        {(reading || look.isPending) && (
          <p role="status" className="text-ink-2">
            Reading {name} …
          </p>
        )}
        {fault && (
          <Notice tone="ember" title={`${name} cannot be read`} live>
            {fault}
          </Notice>
        )}
        {look.error && <Trouble error={look.error} />}
        {apply.error && <Trouble error={apply.error} />}
        {plan && <Plan plan={plan} lines={file?.lines ?? []} />}
      </div>
    </Dialog>
  );
}

function Plan({ plan, lines }: { plan: SystemsApplied; lines: readonly number[] }) {
  const { rows, problems } = plan;
  return (
    <div className="grid gap-4">
      <p role="status" className="font-[620]">
        {planLine(plan)}
      </p>
      {problems.length > 0 && (
        <section aria-label="Rows that cannot be taken">
          <h3 className="mb-1.5 text-xs font-[640] text-ink-2">
            Cannot be taken; the others {plan.dryRun ? 'can' : 'were'}
          </h3>
          <Rows label="Rows that cannot be taken">
            {problems.slice(0, SHOWN).map(({ row, key, pointer, detail }) => (
              <li key={row} className="border-l-4 border-l-ember px-3.5 py-2">
                <p>
                  <span className="font-[600]">Line {lines[row] ?? '?'}</span>
                  <span className="text-ink-3"> · row {row + 1}</span> {key && <Id>{key}</Id>}
                </p>
                <p className="text-ink-2">
                  {pointer !== '' && pointer !== '/' && <span className="font-mono text-xs">{pointer.slice(1)}: </span>}
                  {detail}
                </p>
              </li>
            ))}
            {problems.length > SHOWN && <More count={problems.length - SHOWN} />}
          </Rows>
        </section>
      )}
      {rows.length > 0 && (
        <section aria-label="What changes">
          <h3 className="mb-1.5 text-xs font-[640] text-ink-2">{plan.dryRun ? 'What would change' : 'What changed'}</h3>
          <Rows label="What changes">
            {rows.slice(0, SHOWN).map(({ row, key, action, changes }) => (
              <li key={row} className="px-3.5 py-2">
                <p className="flex flex-wrap items-baseline gap-2">
                  <Flag tone={action === 'create' ? 'moss' : 'amber'}>{action === 'create' ? 'new' : 'changed'}</Flag>
                  <Id>{key}</Id>
                </p>
                <ul className="mt-1 grid gap-0.5 text-sm">
                  {changes.map(({ member, from, to }) => (
                    <li key={member} className="min-w-0 break-words">
                      <span className="text-ink-3">{memberName(member)}: </span>
                      {action === 'change' && (
                        <>
                          <span className="text-ink-3 line-through">{shortValue(from)}</span>
                          <span aria-hidden="true"> → </span>
                          <span className="sr-only">becomes </span>
                        </>
                      )}
                      {shortValue(to)}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
            {rows.length > SHOWN && <More count={rows.length - SHOWN} />}
          </Rows>
        </section>
      )}
    </div>
  );
}

function More({ count }: { count: number }) {
  return <li className="px-3.5 py-2 text-xs text-ink-3">and {count.toLocaleString('en')} more</li>;
}
