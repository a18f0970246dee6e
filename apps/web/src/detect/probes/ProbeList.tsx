import type { EvalSuite } from '@firebreak/contract/detect/evals';
import { probes } from '@firebreak/contract/detect/probes';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { SuiteRow, Targets } from '../evals/index.ts';
import { ProbeForm } from './ProbeForm.tsx';

function Shipped() {
  const asked = useAsk(probes.catalogue, {});
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Section title="What is shipped" aside="in our own words, without harm">
      <Shown of={asked} lines={4}>
        {({ families, probes: all }) => (
          <Rows label="Families of probes">
            {families.map((family) => (
              <li key={family.id} className="px-4 py-2.5">
                <button
                  type="button"
                  aria-expanded={open === family.id}
                  onClick={() => setOpen(open === family.id ? null : family.id)}
                  className="text-left font-[560] hover:underline"
                >
                  {family.name} ({family.probes})
                </button>
                <p className="text-xs text-ink-3">
                  {family.techniqueName}, {family.technique} · {family.owasp} · judged by: {family.judged}
                </p>
                {open === family.id && (
                  <ul className="mt-2 grid gap-2">
                    {all
                      .filter(({ probe }) => probe?.family === family.id)
                      .map((it) => (
                        <li key={it.id} className="rounded-md border border-line bg-sunken px-3 py-2 text-sm">
                          <p className="font-[560]">{it.title}</p>
                          <p className="break-words whitespace-pre-wrap text-ink-2">{it.input.at(-1)!.content}</p>
                        </li>
                      ))}
                  </ul>
                )}
              </li>
            ))}
          </Rows>
        )}
      </Shown>
    </Section>
  );
}

/** Sets of probes, and what is shipped to make them of. */
export function ProbeList() {
  const asked = useAsk(probes.list, { query: {} }, { every: 15_000 });
  const edits = useMay('eval.edit');
  const [adding, setAdding] = useState(false);
  const navigate = useNavigate();
  return (
    <Page
      title="Probes"
      lead="Harmless attacks on your own systems, every day: how much they resist, and when they begin to resist less."
      actions={edits && <Button onClick={() => setAdding(true)}>Probe a system</Button>}
    >
      <div className="mb-5">
        <Shown of={asked}>
          {({ suites }) =>
            suites.length === 0 ? (
              <Empty
                title="Nobody tries your systems but strangers"
                action={
                  edits && (
                    <Button look="strong" onClick={() => setAdding(true)}>
                      Probe the first system
                    </Button>
                  )
                }
              >
                Probes try what attackers try: instructions in documents, getting at the prompt, data leaving by a link,
                tools used against their purpose. They carry nothing harmful, and harmless questions are asked beside
                them, so that refusing everything does not look safe.
              </Empty>
            ) : (
              <Rows label="Sets of probes">
                {suites.map((suite: EvalSuite) => (
                  <SuiteRow key={suite.id} suite={suite} />
                ))}
              </Rows>
            )
          }
        </Shown>
      </div>
      <Targets />
      <Shipped />
      {adding && (
        <ProbeForm
          onClose={() => setAdding(false)}
          onMade={(suite) => void navigate({ to: '/probes/$suite', params: { suite } })}
        />
      )}
    </Page>
  );
}
