import { type VendorRow, vendors } from '@firebreak/contract/prepare/vendors';
import { type VendorFrequency, vendorIncidents } from '@firebreak/contract/respond/vendor-incidents';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { VendorForm } from '../prepare/vendors/VendorForm.tsx';
import { gapLine } from '../prepare/vendors/words.ts';
import { Button } from '../ui/Button.tsx';
import { Empty, Rows, Section } from '../ui/Card.tsx';
import { Check } from '../ui/Field.tsx';
import { Flag } from '../ui/Marks.tsx';
import { useAsk } from './ask.ts';
import { useListKeys } from './list-keys.ts';
import { Page } from './Page.tsx';
import { useMay, useNames } from './session.tsx';
import { Shown } from './Trouble.tsx';

/** Whom the AI systems are built on, what would fail on the day, and how often their systems had incidents. */
export function VendorList() {
  const [all, setAll] = useState(false);
  const list = useAsk(vendors.list, { query: { show: all ? 'all' : 'used' } });
  const counts = useAsk(vendorIncidents.counts, {}).data?.vendors ?? [];
  const edits = useMay('vendor.edit');
  const navigate = useNavigate();
  /** The name to begin with, or null: no form. */
  const [adding, setAdding] = useState<string | null>(null);
  const keys = useListKeys();
  return (
    <Page
      title="Vendors"
      lead="Whom your AI systems are built on, whom to call at two in the morning, and who does what."
      actions={edits && <Button onClick={() => setAdding('')}>Register a vendor</Button>}
    >
      <div className="mb-2 flex justify-end">
        <Check label="Retired ones as well" checked={all} onCheck={setAll} />
      </div>
      <Shown of={list} lines={6}>
        {({ vendors: rows, unrecorded }) => (
          <>
            {rows.length === 0 ? (
              <Empty
                title="No vendor is registered"
                action={
                  edits && (
                    <Button look="strong" onClick={() => setAdding('')}>
                      Register the first vendor
                    </Button>
                  )
                }
              >
                Begin with whoever runs the model you depend on most: a number somebody answers at night, how soon they
                must, and who tells the users. Looking that up during an incident costs the first half hour.
              </Empty>
            ) : (
              <div ref={keys}>
                <Rows label="Vendors">
                  {rows.map((row) => (
                    <Row key={row.id} row={row} count={counts.find(({ vendor }) => vendor === row.id)} />
                  ))}
                </Rows>
              </div>
            )}
            {unrecorded.length > 0 && (
              <Section title="Named by systems, and no record here" className="mt-5">
                <Rows label="Vendors without a record">
                  {unrecorded.map(({ name, systems }) => (
                    <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
                      <div className="min-w-0 flex-1 basis-48">
                        <p className="font-[600]">{name}</p>
                        <p className="text-xs text-ink-3">{systems.join(', ')}</p>
                      </div>
                      <Flag tone="amber">nobody to call</Flag>
                      {edits && (
                        <Button size="sm" aria-label={`Register ${name}`} onClick={() => setAdding(name)}>
                          Register …
                        </Button>
                      )}
                    </li>
                  ))}
                </Rows>
              </Section>
            )}
          </>
        )}
      </Shown>
      {adding !== null && (
        <VendorForm
          name={adding}
          onClose={() => setAdding(null)}
          onDone={({ id }) => void navigate({ to: '/vendors/$vendor', params: { vendor: id } })}
        />
      )}
    </Page>
  );
}

function Row({ row, count }: { row: VendorRow; count: VendorFrequency | undefined }) {
  const nameOf = useNames();
  const gaps = gapLine(row.gaps);
  return (
    <li className="relative flex flex-wrap items-center gap-x-4 gap-y-1.5 px-4 py-3 hover:bg-sunken">
      <div className="min-w-0 flex-1 basis-64">
        <Link
          data-row
          to="/vendors/$vendor"
          params={{ vendor: row.id }}
          className="text-base font-[620] after:absolute after:inset-0"
        >
          {row.name}
        </Link>
        <p className="text-xs text-ink-2">
          {[
            row.dependantCount === 0
              ? 'no system depends on it'
              : row.dependantCount === 1
                ? '1 system depends on it'
                : `${row.dependantCount} systems depend on it`,
            row.supplies.map(({ name }) => name).join(', '),
            `${nameOf(row.owner)} answers for it`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {row.retired !== null && <Flag>retired</Flag>}
        {gaps.map((gap) => (
          <Flag key={gap} tone={gap === 'nobody to call' ? 'ember' : 'amber'}>
            {gap}
          </Flag>
        ))}
        {row.retired === null && gaps.length === 0 && <Flag tone="moss">ready</Flag>}
        {count && count.open > 0 && (
          <Flag tone="ember">{count.open === 1 ? '1 open incident' : `${count.open} open incidents`}</Flag>
        )}
        {count && <Flag>{count.lastYear === 1 ? '1 incident' : `${count.lastYear} incidents`} in a year</Flag>}
      </div>
    </li>
  );
}
