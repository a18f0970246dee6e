import { type CapsuleRow, capsules } from '@firebreak/contract/respond/capsules';
import { useState } from 'react';
import { client } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';
import { AdoptDialog, EndDialog } from './AnswerDialogs.tsx';
import { download } from './download.ts';
import { MakeDialog } from './MakeDialog.tsx';

type Open = { readonly kind: 'make' } | { readonly kind: 'adopt' | 'end'; readonly capsule: CapsuleRow } | null;

/** Holds signed ahead of time, for when there is no server: which there are, where they were applied, and the files. */
export function CapsuleList({ system }: { system: string }) {
  const nameOf = useNames();
  const list = useAsk(capsules.list, { params: { system } }, { every: 15_000 });
  const makes = useMay('containment.declare');
  const orders = useMay('containment.order');
  const lifts = useMay('containment.lift');
  const [open, setOpen] = useState<Open>(null);
  const [error, setError] = useState<unknown>(null);
  const again = (capsule: CapsuleRow) =>
    client
      .call(capsules.file, { params: { system, capsule: capsule.capsule } })
      .then((file) => download(capsule, file), setError);
  return (
    <Section
      title="For when there is no server"
      aside={
        makes && (
          <Button size="sm" onClick={() => setOpen({ kind: 'make' })}>
            Make a capsule
          </Button>
        )
      }
    >
      <Shown of={list}>
        {({ capsules: rows }) =>
          rows.length === 0 ? (
            <p className="rounded-lg border border-line bg-surface px-4 py-3 text-ink-2">
              No capsule is made. One is a file, signed now, that stops guards and gateways by hand when Firebreak
              cannot be reached. It can only restrict.
            </p>
          ) : (
            <Rows label="Capsules">
              {rows.map((it) => (
                <li key={it.capsule} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
                  <div className="min-w-0 flex-1 basis-64">
                    <p>
                      <b className="font-[620]">{it.name}</b>{' '}
                      <Flag tone={it.state === 'applied' ? 'ember' : it.state === 'ready' ? 'moss' : 'plain'}>
                        {it.state === 'applied' ? 'applied by hand' : it.state}
                      </Flag>
                    </p>
                    <p className="text-ink-2">{sentence(it.says.join('; '))}</p>
                    <p className="text-xs text-ink-3">
                      made by {nameOf(it.madeBy)} <Ago at={it.madeAt} />
                      {it.state === 'ready' && (
                        <>
                          {' '}
                          · can be applied until it ends, <Ago at={it.until} />
                        </>
                      )}
                      {it.applied.length > 0 && ` · on ${it.applied.map(({ instance }) => instance).join(', ')}`}
                      {it.ended &&
                        ` · ${it.ended.incident ? 'adopted' : 'ended'} by ${nameOf(it.ended.by)}: “${it.ended.reason}”`}
                    </p>
                  </div>
                  {it.state !== 'ended' && (
                    <div className="flex flex-wrap gap-2">
                      {makes && (
                        <Button
                          size="sm"
                          look="quiet"
                          onClick={() => void again(it)}
                          aria-label={`Download ${it.name}`}
                        >
                          Download
                        </Button>
                      )}
                      {it.state === 'applied' && orders && (
                        <Button size="sm" look="brake" onClick={() => setOpen({ kind: 'adopt', capsule: it })}>
                          Adopt …
                        </Button>
                      )}
                      {lifts && (
                        <Button size="sm" onClick={() => setOpen({ kind: 'end', capsule: it })}>
                          End …
                        </Button>
                      )}
                    </div>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
      {error !== null && <Trouble error={error} />}
      {open?.kind === 'make' && <MakeDialog system={system} onClose={() => setOpen(null)} />}
      {open?.kind === 'adopt' && <AdoptDialog capsule={open.capsule} onClose={() => setOpen(null)} />}
      {open?.kind === 'end' && <EndDialog capsule={open.capsule} onClose={() => setOpen(null)} />}
    </Section>
  );
}
