import { predictions as doors } from '@firebreak/contract/detect/predictions';
import type { Register } from '../cli.ts';

const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;

/** `firebreak predictions [system]` */
export const predictions: Register = (program, cli) => {
  program
    .command('predictions [system]')
    .description('drift, calibration, how often predictive systems are right, gaps between groups')
    .action(async (system: string | undefined) => {
      const { assessments } = await cli
        .client()
        .call(doors.assessments, { query: system === undefined ? {} : { system } });
      const rows = assessments.flatMap((it) => [
        ...it.performance.map((each) => ({
          system: it.system,
          what: `right, ${each.which}`,
          value: percent(each.now.rate),
          interval: `${percent(each.now.lower)} to ${percent(each.now.upper)}`,
          wrong: each.worse,
        })),
        ...(it.calibration === null
          ? []
          : [
              {
                system: it.system,
                what: 'Brier score',
                value: it.calibration.brier.toFixed(3),
                interval: `${it.calibration.brierLower.toFixed(3)} to ${it.calibration.brierUpper.toFixed(3)}`,
                wrong: false,
              },
            ]),
        ...it.drift.map((each) => ({
          system: it.system,
          what: `drift of ${each.name}`,
          value: each.psi.toFixed(3),
          interval: `by chance ${each.chance.toFixed(3)}`,
          wrong: each.moved,
        })),
        ...it.gaps.map((gap) => ({
          system: it.system,
          what: `${gap.group}, ${gap.kind}: ${gap.high.value} and ${gap.low.value}`,
          value: percent(gap.difference),
          interval: `${percent(gap.lower)} to ${percent(gap.upper)}`,
          wrong: gap.beyond,
        })),
      ]);
      cli.table(
        rows,
        [
          { head: 'system', of: (it) => it.system },
          { head: 'what', of: (it) => it.what },
          { head: 'value', of: (it) => it.value },
          { head: 'interval', of: (it) => it.interval },
          { head: 'wrong', of: (it) => (it.wrong ? 'YES' : null) },
        ],
        assessments,
      );
    });
};
