import { type Vendor, vendors } from '@firebreak/contract/prepare/vendors';
import { vendorIncidents } from '@firebreak/contract/respond/vendor-incidents';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { Assessment } from '../prepare/vendors/Assessment.tsx';
import { ContactsForm } from '../prepare/vendors/ContactsForm.tsx';
import { EscalationPath } from '../prepare/vendors/EscalationPath.tsx';
import { Responsibilities } from '../prepare/vendors/Responsibilities.tsx';
import { VendorForm } from '../prepare/vendors/VendorForm.tsx';
import { sayBecause, sayGap } from '../prepare/vendors/words.ts';
import { Button } from '../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../ui/Card.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Flag, Id, Severity } from '../ui/Marks.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Ago } from '../ui/Time.tsx';
import { isCode } from './api.ts';
import { useAct, useAsk } from './ask.ts';
import { Page } from './Page.tsx';
import { useMay, useNames } from './session.tsx';
import { NotFound, Shown, Trouble } from './Trouble.tsx';

type Open = 'describe' | 'contacts' | 'retire' | null;

/** One vendor: whom to call first of all, then who does what, what was asked, who depends on it, and its incidents. */
export function VendorPage() {
  const { vendor: id } = useParams({ from: '/shell/vendors/$vendor' });
  const read = useAsk(vendors.show, { params: { vendor: id } });
  const may = useMay('vendor.edit');
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  if (isCode(read.error, 'vendor.unknown') || isCode(read.error, 'request.invalid')) return <NotFound />;
  const vendor = read.data?.vendor;
  const edits = may && vendor?.retired === null;
  return (
    <Page
      title={vendor?.name ?? id}
      eyebrow={
        <Link to="/vendors" className="hover:underline">
          Vendors
        </Link>
      }
      lead={vendor?.note || undefined}
      actions={edits && <Button onClick={() => setOpen('describe')}>Edit</Button>}
    >
      <Shown of={read} lines={8}>
        {({ vendor }) => (
          <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
            <div className="min-w-0">
              <Calls vendor={vendor} edits={edits} onEdit={() => setOpen('contacts')} />
              <Responsibilities vendor={vendor} edits={edits} />
              <Assessment vendor={vendor} edits={edits} />
            </div>
            <aside className="min-w-0">
              <About vendor={vendor} />
              <Gaps vendor={vendor} />
              <Dependants vendor={vendor} />
              <Incidents vendor={vendor} />
              {edits && (
                <Button look="quiet" size="sm" onClick={() => setOpen('retire')}>
                  Retire this vendor …
                </Button>
              )}
            </aside>
            {open === 'describe' && <VendorForm vendor={vendor} onClose={close} />}
            {open === 'contacts' && <ContactsForm vendor={vendor} onClose={close} />}
            {open === 'retire' && <Retire vendor={vendor} onClose={close} />}
          </div>
        )}
      </Shown>
    </Page>
  );
}

function Calls({ vendor, edits, onEdit }: { vendor: Vendor; edits: boolean; onEdit: () => void }) {
  const { contacts } = vendor;
  return (
    <Section
      title="Whom to call, in this order"
      aside={
        edits &&
        contacts &&
        contacts.length > 0 && (
          <Button size="sm" onClick={onEdit}>
            Change
          </Button>
        )
      }
    >
      {contacts === null || contacts.length === 0 ? (
        <Empty
          title={contacts === null ? 'The contacts were erased' : 'Nobody is named to call'}
          action={
            edits && (
              <Button look="strong" onClick={onEdit}>
                Name whom to call
              </Button>
            )
          }
        >
          A number that somebody answers, when, how soon they must, and where that is agreed. The war room shows it for
          every incident of a system that uses this vendor.
        </Empty>
      ) : (
        <EscalationPath contacts={contacts} label="Whom to call" />
      )}
    </Section>
  );
}

function About({ vendor }: { vendor: Vendor }) {
  const nameOf = useNames();
  const supplied = (kind: 'model' | 'service') =>
    vendor.supplies
      .filter((it) => it.kind === kind)
      .map(({ name }) => name)
      .join(', ');
  return (
    <Section title="About">
      <Card>
        {vendor.retired !== null && (
          <p className="mb-2">
            <Flag tone="amber">retired</Flag> {vendor.retired}
          </p>
        )}
        <Pairs>
          <dt>Models</dt>
          <dd className="break-words">{supplied('model') || 'not said'}</dd>
          <dt>Services</dt>
          <dd className="break-words">{supplied('service') || 'not said'}</dd>
          <dt>Other names</dt>
          <dd className="break-words">{vendor.aliases.join(', ') || 'none'}</dd>
          <dt>Answers here</dt>
          <dd>{nameOf(vendor.owner)}</dd>
          <dt>Status page</dt>
          <dd>
            {vendor.statusPage ? (
              <a href={vendor.statusPage} target="_blank" rel="noreferrer" className="prose-link break-all">
                {vendor.statusPage.replace(/^https?:\/\//, '')}
              </a>
            ) : (
              'not said'
            )}
          </dd>
        </Pairs>
      </Card>
    </Section>
  );
}

function Gaps({ vendor }: { vendor: Vendor }) {
  if (vendor.retired !== null || vendor.gaps.length === 0) return null;
  const questions = vendor.questions.map(({ question }) => question);
  const grave = vendor.gaps.filter(({ kind }) => kind !== 'unanswered');
  const open = vendor.gaps.length - grave.length;
  return (
    <Section title="What would fail on the day">
      <Notice tone="amber">
        <ul className="grid gap-1">
          {grave.map((gap) => (
            <li key={JSON.stringify(gap)}>{sayGap(gap, questions)}</li>
          ))}
          {open > 0 && <li>{open === 1 ? 'One question is' : `${open} questions are`} not answered.</li>}
        </ul>
      </Notice>
    </Section>
  );
}

function Dependants({ vendor }: { vendor: Vendor }) {
  return (
    <Section title="Systems that depend on it">
      {vendor.dependants.length === 0 ? (
        <Empty title="None that says so">
          A system depends on it when it names it as its vendor, declares it as a dependency, or runs a model from the
          list here.
        </Empty>
      ) : (
        <Rows label="Systems that depend on it">
          {vendor.dependants.map((each) => (
            <li key={each.system} className="px-4 py-2">
              <Link to="/systems/$system" params={{ system: each.system }} className="prose-link">
                {each.name}
              </Link>{' '}
              <span className="text-xs text-ink-3">{sayBecause(each)}</span>
            </li>
          ))}
        </Rows>
      )}
      {vendor.dependantCount > vendor.dependants.length && (
        <p className="mt-1 text-xs text-ink-3">
          and {vendor.dependantCount - vendor.dependants.length} more that are not shown
        </p>
      )}
    </Section>
  );
}

function Incidents({ vendor }: { vendor: Vendor }) {
  const asked = useAsk(vendorIncidents.ofVendor, { params: { vendor: vendor.id } });
  return (
    <Section title="Incidents of those systems">
      <Shown of={asked} lines={3}>
        {({ total, lastYear, open, nearMisses, incidents, more }) => (
          <>
            <Card className="mb-2">
              <p className="text-lg font-[640] tabular-nums">
                {lastYear} <span className="text-sm font-normal text-ink-2">in the last 365 days</span>
              </p>
              <p className="text-xs text-ink-2">
                {total} in all, {open} open, {nearMisses} near {nearMisses === 1 ? 'miss' : 'misses'} beside. Drills are
                not counted. That a system uses the vendor does not mean the vendor caused it.
              </p>
            </Card>
            {incidents.length > 0 && (
              <Rows label="Incidents">
                {incidents.map((row) => (
                  <li key={row.id} className="px-4 py-2">
                    <p className="flex flex-wrap items-baseline gap-x-2">
                      <Severity level={row.severity} size="sm" />
                      <Link to="/incidents/$incident" params={{ incident: row.label }} className="prose-link">
                        {row.title}
                      </Link>
                    </p>
                    <p className="text-xs text-ink-3">
                      <Id>{row.label}</Id> <Ago at={row.declaredAt} />
                      {row.kind === 'near-miss' && ' · near miss'}
                      {row.through && ' · only through another system, not counted'}
                    </p>
                  </li>
                ))}
              </Rows>
            )}
            {more && <p className="mt-1 text-xs text-ink-3">There are older ones.</p>}
          </>
        )}
      </Shown>
    </Section>
  );
}

function Retire({ vendor, onClose }: { vendor: Vendor; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const retire = useAct(vendors.retire, { refreshes: ['/api/v1/vendors'], done: onClose });
  return (
    <Dialog
      title={`Retire ${vendor.name}?`}
      about="It leaves the lists and the war rooms; its record stays, and its names are free for another."
      onClose={onClose}
      width="narrow"
      onSubmit={() => retire.mutate({ params: { vendor: vendor.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" look="strong" busy={retire.isPending} disabled={reason.trim() === ''}>
            Retire
          </Button>
        </>
      }
    >
      <TextArea label="Why it is no longer used" value={reason} onText={setReason} rows={2} maxLength={500} />
      {retire.error && <Trouble error={retire.error} />}
    </Dialog>
  );
}
