import type { Conformance, PlaybookContent } from '@firebreak/contract/prepare/playbooks';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';

const DIALECTS = { 'cacao-2.0': 'CACAO 2.0', cosai: 'CoSAI dialect', unknown: 'no dialect we know' } as const;

/** How far a file conforms: the verdict, what it carries, and every remark with its place. */
export function Report({
  report,
  content,
  name,
}: {
  report: Conformance;
  content: PlaybookContent | null;
  name: string;
}) {
  const tone = report.conforms ? 'moss' : report.accepted ? 'amber' : 'ember';
  const title = report.conforms
    ? `${name} conforms to CACAO 2.0`
    : report.accepted
      ? `${name} does not conform as it stands, but could be read`
      : `${name} does not conform to CACAO 2.0`;
  const commands = Object.entries(report.commands);
  return (
    <div className="grid gap-3">
      <Notice tone={tone} title={title} live>
        {content
          ? `“${content.name}”: ${report.steps} steps, ${DIALECTS[report.dialect]}.`
          : 'The remarks below say where. Mending may help; a circle or a missing start cannot be mended.'}
        {commands.length > 0 && (
          <p className="mt-1">
            Commands kept as text, none run: {commands.map(([kind, count]) => `${count} ${kind}`).join(', ')}.
          </p>
        )}
      </Notice>
      {report.findings.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
        <section tabIndex={0} aria-label="Remarks" className="max-h-64 overflow-y-auto rounded-lg">
          <Rows label="Remarks">
            {report.findings.map((finding) => (
              <li key={`${finding.pointer} ${finding.what}`} className="grid gap-0.5 px-3 py-2 text-sm">
                <span className="flex flex-wrap items-baseline gap-2">
                  <Flag tone={finding.level === 'error' ? 'ember' : 'amber'}>{finding.level}</Flag>
                  <span className="min-w-0 flex-1 font-mono text-xs break-all text-ink-3">
                    {finding.pointer || '/'}
                  </span>
                </span>
                {finding.what}
              </li>
            ))}
          </Rows>
        </section>
      )}
    </div>
  );
}
