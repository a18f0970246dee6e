import { vendorIncidents } from '@firebreak/contract/respond/vendor-incidents';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { DUTY_WORDS, EscalationPath, PARTY_WORDS, QuestionForm, sayBecause } from '../../prepare/vendors/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useRoom } from './room-context.tsx';

/** The vendors that the systems of this incident use: whom to call there, and what they are to do. */
export function VendorsToCall() {
  const { incident } = useRoom();
  const asked = useAsk(vendorIncidents.ofIncident, { params: { incident: incident.id } });
  const edits = useMay('vendor.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Vendors to call"
      aside={
        edits && (
          <Button size="sm" look="quiet" onClick={() => setAdding(true)}>
            Ask vendors one question more …
          </Button>
        )
      }
    >
      <Shown of={asked} lines={3}>
        {({ vendors }) =>
          vendors.length === 0 ? (
            <Empty title="No vendor on record">
              None of the vendors on record supplies {incident.systems.join(', ') || 'this incident’s systems'}. If one
              does, name it on the page of the system, and register it under Vendors.
            </Empty>
          ) : (
            <div className="grid gap-4">
              {vendors.map((each) => (
                <div key={each.vendor}>
                  <p className="mb-1.5">
                    <Link to="/vendors/$vendor" params={{ vendor: each.vendor }} className="prose-link font-[600]">
                      {each.name}
                    </Link>{' '}
                    <span className="text-xs text-ink-2">
                      {each.dependants.map((it) => `${it.system} ${sayBecause(it)}`).join(', ')}
                    </span>
                    {each.statusPage && (
                      <>
                        {' · '}
                        <a href={each.statusPage} target="_blank" rel="noreferrer" className="prose-link text-xs">
                          status page
                        </a>
                      </>
                    )}
                  </p>
                  {each.contacts && each.contacts.length > 0 ? (
                    <EscalationPath contacts={each.contacts} label={`Whom to call at ${each.name}`} />
                  ) : (
                    <Notice tone="amber">
                      {each.contacts === null ? 'The contacts were erased.' : 'Nobody is named to call.'} Name somebody
                      on the page of the vendor as soon as you have found out.
                    </Notice>
                  )}
                  {each.responsibilities.length > 0 && (
                    <p className="mt-1 text-xs text-ink-2">
                      {each.responsibilities
                        .map(({ duty, who }) => `${DUTY_WORDS[duty]}: ${PARTY_WORDS[who]}`)
                        .join(' · ')}
                    </p>
                  )}
                </div>
              ))}
            </div>
          )
        }
      </Shown>
      {adding && <QuestionForm incident={incident.label} onClose={() => setAdding(false)} />}
    </Section>
  );
}
