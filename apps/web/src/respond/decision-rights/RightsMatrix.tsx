import { decisionRights, type RightsRow } from '@firebreak/contract/respond/decision-rights';
import { ACTS } from '@firebreak/core/respond/decision-rights';
import { Check as Tick } from 'lucide-react';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { ACT_TITLES, ruleWords } from './words.ts';

/** Who may do what, for each control and for what is not wired. What you may do yourself is ticked. */
export function RightsMatrix({ system }: { system: string }) {
  const list = useAsk(decisionRights.show, { params: { system } });
  const edits = useMay('roles.assign');
  const [open, setOpen] = useState<RightsRow | null>(null);
  return (
    <Section title="Who may do what">
      <Shown of={list} lines={4}>
        {({ rows }) => (
          <>
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <table className="w-full border-collapse text-left text-xs max-phone:block">
                <caption className="sr-only">Decision rights: rows are controls, columns are decisions</caption>
                <thead className="max-phone:sr-only">
                  <tr className="border-b border-line text-ink-3">
                    <th scope="col" className="px-3 py-2 font-[600]">
                      Control
                    </th>
                    {ACTS.map((act) => (
                      <th key={act} scope="col" className="px-2 py-2 font-[600]">
                        {ACT_TITLES[act]}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="max-phone:block">
                  {rows.map((row) => (
                    <tr
                      key={row.of}
                      className="border-b border-line align-top last:border-b-0 max-phone:block max-phone:p-3"
                    >
                      <th scope="row" className="min-w-36 px-3 py-2.5 font-normal max-phone:block max-phone:p-0">
                        <span className="flex flex-wrap items-baseline gap-1.5">
                          <b className="text-sm font-[620]">{row.name}</b>
                          {row.set && <Flag tone="blue">own rule</Flag>}
                        </span>
                        {ruleWords(row.rule).map((line) => (
                          <span key={line} className="block text-ink-2">
                            {line}
                          </span>
                        ))}
                        {edits && (
                          <Button
                            size="sm"
                            look="quiet"
                            className="-ml-2"
                            onClick={() => setOpen(row)}
                            aria-label={`Change who may do what: ${row.name}`}
                          >
                            Change …
                          </Button>
                        )}
                      </th>
                      {ACTS.map((act) => {
                        const mine = row.mine.includes(act);
                        return (
                          <td
                            key={act}
                            className="px-2 py-2.5 max-phone:flex max-phone:gap-2 max-phone:px-0 max-phone:py-1"
                          >
                            <span className="shrink-0 text-ink-3 phone:sr-only max-phone:w-28">{ACT_TITLES[act]}</span>
                            <span className={cx('min-w-0', mine ? 'text-ink' : 'text-ink-2')}>
                              {mine && <Tick size={12} className="mr-1 inline text-moss" aria-label="you may" />}
                              {row.says[act]}
                            </span>
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="mt-2 text-xs text-ink-3">
              Restricting takes one person unless a row says otherwise. Letting go always takes somebody else, who had
              the right before the incident was declared.
            </p>
          </>
        )}
      </Shown>
      {open && <RuleDialog system={system} row={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}
