import { accumulation, type Proposal } from '@firebreak/contract/respond/accumulation';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input, TextArea } from '../../ui/Field.tsx';
import { Severity } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago } from '../../ui/Time.tsx';

const REFRESHES = ['/api/v1/parent-proposals', '/api/v1/incidents'];

/** Small incidents that together may be a graver one, with the reasons; nothing where none add up. */
export function ParentProposals({ incident }: { incident?: string }) {
  const asked = useAsk(accumulation.list, { query: incident === undefined ? {} : { incident } }, { every: 15_000 });
  const proposals = asked.data?.proposals ?? [];
  if (proposals.length === 0) return null;
  return (
    <Section title="These add up">
      <ul aria-label="Incidents that add up" className="grid gap-3">
        {proposals.map((each) => (
          <Card key={each.id} proposal={each} />
        ))}
      </ul>
    </Section>
  );
}

function Card({ proposal }: { proposal: Proposal }) {
  const declares = useMay('incident.declare');
  const leads = useMay('incident.lead');
  const [open, setOpen] = useState<'accept' | 'dismiss' | null>(null);
  const shut = () => setOpen(null);
  return (
    <li className="rounded-lg border border-l-4 border-line border-l-amber bg-surface px-4 py-3">
      <p className="flex flex-wrap items-center gap-2">
        <Severity level={proposal.severity} size="sm" />
        <span className="font-[620]">
          {proposal.children.length} small incidents on {proposal.system} may be one graver one
        </span>
      </p>
      <ul className="mt-1.5 grid list-disc gap-0.5 pl-4 text-xs text-ink-2 marker:text-ink-3">
        {proposal.reasons.slice(1).map((reason) => (
          <li key={reason}>{sentence(reason)}</li>
        ))}
      </ul>
      <p className="mt-1.5 flex flex-wrap gap-x-2 gap-y-1 text-xs">
        {proposal.children.slice(0, 12).map((child) => (
          <Link
            key={child.incident}
            to="/incidents/$incident"
            params={{ incident: child.label }}
            className="prose-link font-mono"
          >
            {child.label}
          </Link>
        ))}
        <span className="text-ink-3">
          noticed <Ago at={proposal.proposedAt} />
        </span>
      </p>
      <div className="mt-2.5 flex flex-wrap gap-2">
        {declares && (
          <Button size="sm" look="strong" onClick={() => setOpen('accept')}>
            Declare the parent …
          </Button>
        )}
        {leads && (
          <Button size="sm" onClick={() => setOpen('dismiss')}>
            They do not belong together …
          </Button>
        )}
      </div>
      {open === 'accept' && <Accept proposal={proposal} onClose={shut} />}
      {open === 'dismiss' && <Dismiss proposal={proposal} onClose={shut} />}
    </li>
  );
}

function Accept({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const navigate = useNavigate();
  const [title, setTitle] = useState('');
  const accept = useAct(accumulation.accept, {
    refreshes: REFRESHES,
    done: ({ incident }) => {
      onClose();
      void navigate({ to: '/incidents/$incident', params: { incident: incident.label } });
    },
  });
  return (
    <Dialog
      title="Declare the parent"
      about={`It begins as Sev ${proposal.severity} with the gravest answers of the ${proposal.children.length}. They become its parts and keep their own state and holds.`}
      onClose={onClose}
      onSubmit={() => accept.mutate({ params: { proposal: proposal.id }, body: { title } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={accept.isPending} disabled={title.trim() === ''}>
            Declare Sev {proposal.severity}
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <Input
          label="What is happening, taken together"
          value={title}
          onText={setTitle}
          required
          error={accept.error ? tell(accept.error).fields.title : undefined}
          placeholder="The bot invents fees"
        />
        {accept.error && <Trouble error={accept.error} />}
      </div>
    </Dialog>
  );
}

function Dismiss({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const dismiss = useAct(accumulation.dismiss, { refreshes: REFRESHES, done: onClose });
  return (
    <Dialog
      title="They do not belong together"
      about="It is asked again only when there is one more of them."
      onClose={onClose}
      width="narrow"
      onSubmit={() => dismiss.mutate({ params: { proposal: proposal.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={dismiss.isPending} disabled={reason.trim().length < 3}>
            Keep them apart
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        <TextArea label="Why not" rows={2} value={reason} onText={setReason} required />
        {dismiss.error && <Trouble error={dismiss.error} />}
      </div>
    </Dialog>
  );
}
